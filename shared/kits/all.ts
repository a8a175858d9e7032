import type { Kit } from '../schemas/kits.ts'
import { b2bSale } from './b2b-sale.ts'
import { implementation } from './implementation.ts'
import { serviceAct } from './service-act.ts'
import { supportRenewal } from './support-renewal.ts'
import { tender } from './tender.ts'

/** The starter kits in the order they are offered. */
export const kits: readonly Kit[] = [b2bSale, serviceAct, implementation, supportRenewal, tender]
