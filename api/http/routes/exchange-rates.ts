import { DeleteRate, PreviewRate, SetRate } from '../../../shared/schemas/currency.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import { deleteRate, listRates, previewRate, setRate } from '../../usecases/exchange-rates.ts'
import { endpoint, type Route } from '../endpoint.ts'

const asItIs = <View>(view: View): View => view

export const exchangeRateRoutes: readonly Route[] = [
  endpoint('GET', '/exchange-rates', NoInput, listRates, asItIs, { summary: 'Currencies and their rates' }),
  endpoint('POST', '/exchange-rates', SetRate, setRate, asItIs, { summary: 'Add or correct the rate of a day', status: 201 }),
  endpoint('POST', '/exchange-rates/preview', PreviewRate, previewRate, asItIs, {
    summary: 'What a rate, or its removal, would do to deals',
  }),
  endpoint('DELETE', '/exchange-rates/:currency/:validFrom', DeleteRate, deleteRate, asItIs, {
    summary: 'Remove the rate of a day',
  }),
]
