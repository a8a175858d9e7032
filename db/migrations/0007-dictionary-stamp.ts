import { readFile } from 'node:fs/promises'
import { Migration } from '@mikro-orm/migrations'

export class DictionaryStamp extends Migration {
  override async up(): Promise<void> {
    this.addSql(await readFile(new URL('0007-dictionary-stamp.sql', import.meta.url), 'utf8'))
  }
}
