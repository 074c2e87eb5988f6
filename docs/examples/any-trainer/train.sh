#!/bin/sh
# Any program will do: what it prints is read.
epoch=1
while [ "$epoch" -le "$1" ]; do
  echo "round $epoch of $1, g 0.$((900 - epoch)), d 1.$((100 + epoch))"
  epoch=$((epoch + 1))
done
