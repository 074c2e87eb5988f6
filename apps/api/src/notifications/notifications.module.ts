import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module';
import { EventsModule } from '../events/events.module';
import { TrainingModule } from '../training/training.module';
import { Mailer } from './mailer';
import { NotificationDelivery } from './notification-delivery';
import { NotificationEntity } from './notification.entity';
import { NotificationsController } from './notifications.controller';
import { NotificationsService } from './notifications.service';
import { RunWatch } from './run-watch';
import { WebhookSender } from './webhook-sender';

@Module({
  imports: [TypeOrmModule.forFeature([NotificationEntity]), AuditModule, EventsModule, TrainingModule],
  controllers: [NotificationsController],
  providers: [Mailer, NotificationDelivery, NotificationsService, RunWatch, WebhookSender],
})
export class NotificationsModule {}
