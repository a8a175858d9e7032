import { noticeTopics } from '../../shared/domain/notices.ts'
import type { NoticeSettingsView } from '../../shared/views/notices.ts'
import type { NoticeSettings } from '../usecases/chat/notice-settings.ts'
import type { Reader } from './deals.ts'

export function presentNotices(
  { topics, quiet }: NoticeSettings,
  { organization }: Pick<Reader, 'organization'>,
): NoticeSettingsView {
  return { topics: noticeTopics.map((topic) => ({ topic, on: topics[topic] })), quiet, timeZone: organization.timeZone }
}
