// The light entry: the API reads the catalogue from here, so nothing here may load TensorFlow.
export { isModelName, modelCatalog, modelNames, parseModelConfig } from './models/catalog';
export type { ModelName, ParsedConfig } from './models/catalog';
export { encodedWidthOf } from './models/encoded-width';
export type { EncodedWidth } from './models/encoded-width';
export { wganGpConfigSchema } from './models/wgan-gp/config';
export type { WganGpConfig } from './models/wgan-gp/config';
export { ctganConfigSchema } from './models/ctgan/config';
export type { CtganConfig } from './models/ctgan/config';
export { ganConfigSchema } from './models/gan/config';
export type { GanConfig } from './models/gan/config';
export { CheckpointError, inspectCheckpoint } from './run/checkpoint-file';
export { tvaeConfigSchema } from './models/tvae/config';
export type { TvaeConfig } from './models/tvae/config';
export { readCheckpointBody, splitCheckpointBody } from './run/checkpoint-file';
export { openParquet } from './data/parquet';
export type { SourceColumn } from './data/parquet';
export * from './quality';
