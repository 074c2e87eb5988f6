import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from '../../app.module';
import { openApiDocument } from '../document';

/** The description of the API as `npm run build` writes it; nothing is started. */
export async function previewDocument(): Promise<OpenAPIObject> {
  const app = await NestFactory.create(AppModule, { preview: true, logger: false });
  const document = JSON.parse(JSON.stringify(openApiDocument(app))) as OpenAPIObject;
  await app.close();
  return document;
}
