import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module';
import { openApiDocument } from './document';

// Preview mode knows all routes and instantiates nothing: no database is needed to write the description.
const [file = 'openapi.json'] = process.argv.slice(2);
const app = await NestFactory.create(AppModule, { preview: true, logger: ['error', 'warn'] });
const document = openApiDocument(app);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
console.log(`${file}: ${Object.keys(document.paths).length} paths`);
await app.close();
