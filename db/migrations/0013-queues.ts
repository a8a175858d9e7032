import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class Queues extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0013-queues.sql', import.meta.url), 'utf8'))
  }
}
