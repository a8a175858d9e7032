import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class PackedCells extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0011-packed-cells.sql', import.meta.url), 'utf8'))
  }
}
