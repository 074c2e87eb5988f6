import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { bookPictureSchema, idSchema } from '@gan-dashboard/shared-types';
import type { BookPicture } from '@gan-dashboard/shared-types';
import { ApiProblems } from '../platform/http/openapi-responses';
import { SampleOrderBooks } from './sample-order-books';

@ApiTags('samples')
@Controller('api/v1/samples')
@ApiProblems(400, 403, 404, 409)
export class SampleOrderBookController {
  constructor(private readonly books: SampleOrderBooks) {}

  @Get(':id/order-book')
  @ApiOperation({ summary: 'Depth by level, spread and mid of a sample of order books, as of its data set' })
  @ApiOkResponse({ standardSchema: bookPictureSchema })
  get(@Param('id', { schema: idSchema }) id: string): Promise<BookPicture> {
    return this.books.picture(id);
  }
}
