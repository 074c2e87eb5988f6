export * from './wire-number';
export * from './common';
export * from './events';
export * from './datasets';
export * from './models';
export * from './runs';
export * from './outcome';
export * from './worker-protocol';
