/** What may stand in the command of a trainer. */
const placeholders = ['config', 'data', 'epochs', 'seed', 'output'] as const;
type Placeholder = (typeof placeholders)[number];
const pattern = /\{([a-z][a-z0-9_.]*)\}/g;

export type CommandValues = Record<Placeholder, string> & { settings: Record<string, unknown> };

/** @returns what is wrong with the placeholders of an argument, or undefined */
export function placeholderMistake(argument: string, settings: readonly string[]): string | undefined {
  for (const [whole, name = ''] of argument.matchAll(pattern)) {
    const setting = name.startsWith('config.') ? name.slice('config.'.length) : undefined;
    if (setting === undefined ? (placeholders as readonly string[]).includes(name) : settings.includes(setting))
      continue;
    const all = [...placeholders, ...settings.map((one) => `config.${one}`)].map((one) => `{${one}}`);
    return `has the unknown placeholder ${whole}; there are ${all.join(', ')}`;
  }
  return undefined;
}

export function uses(command: readonly string[], placeholder: Placeholder): boolean {
  return command.some((argument) => argument.includes(`{${placeholder}}`));
}

/** Fills in the placeholders. Each argument stays one argument, whatever the values hold: no shell reads them. */
export function fillCommand(command: readonly string[], values: CommandValues): string[] {
  return command.map((argument) =>
    argument.replaceAll(pattern, (_whole, name: string) =>
      name.startsWith('config.') ? textOf(values.settings[name.slice('config.'.length)]) : values[name as Placeholder],
    ),
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
