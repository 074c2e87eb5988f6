"""A GAN of one number: the generator shifts and scales normal noise, the discriminator is a line.

Nothing in it knows of the dashboard: it reads a CSV file and prints what trainers usually print.
"""

import argparse
import csv
import json
import math
import os
import random

parser = argparse.ArgumentParser()
for name in ("config", "data", "epochs", "seed", "output"):
    parser.add_argument("--" + name, required=True)
arguments = parser.parse_args()
with open(arguments.config, encoding="utf-8") as file:
    config = json.load(file)
rate = config["learning_rate"]
random.seed(int(arguments.seed))


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


with open(arguments.data, encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
columns = [name for name in rows[0] if all(number(row[name]) is not None for row in rows)]
if not columns:
    raise SystemExit("error: the data set has no column of numbers without gaps")
values = [float(row[columns[0]]) for row in rows]
mean = sum(values) / len(values)
spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) or 1.0
real = [(value - mean) / spread for value in values]
print("training on %d values of the column %s" % (len(real), columns[0]))


def probability(score):
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


shift, scale, weight, bias = 2.0, 0.3, 0.0, 0.0
epochs = int(arguments.epochs)
for epoch in range(1, epochs + 1):
    losses = {"generator": 0.0, "discriminator": 0.0, "real": 0.0, "fake": 0.0}
    random.shuffle(real)
    for x in real:
        z = random.gauss(0.0, 1.0)
        fake = shift + scale * z
        p_real, p_fake = probability(weight * x + bias), probability(weight * fake + bias)
        weight += rate * ((1 - p_real) * x - p_fake * fake)
        bias += rate * ((1 - p_real) - p_fake)
        p_fake = probability(weight * fake + bias)
        shift += rate * (1 - p_fake) * weight
        scale += rate * (1 - p_fake) * weight * z
        losses["generator"] -= math.log(p_fake + 1e-12)
        losses["discriminator"] -= math.log(p_real + 1e-12) + math.log(1 - p_fake + 1e-12)
        losses["real"] += p_real
        losses["fake"] += p_fake
    means = {key: value / len(real) for key, value in losses.items()}
    print(
        "Epoch %d/%d Generator Loss: %.4f Discriminator Loss: %.4f Real Scores: %.4f Fake Scores: %.4f"
        % (epoch, epochs, means["generator"], means["discriminator"], means["real"], means["fake"])
    )

with open(os.path.join(arguments.output, "generator.json"), "w", encoding="utf-8") as file:
    json.dump({"column": columns[0], "shift": shift, "scale": scale, "mean": mean, "spread": spread}, file)
