import { z } from 'zod';

/** A price level: whole ticks inside, a decimal at the edges. */
export const price = () => z.number().int().meta({ unit: 'price' });
/** A price between two levels, such as a VWAP: ticks with a fraction inside, a decimal at the edges. */
export const finePrice = () => z.number().meta({ unit: 'price' });
/** A distance in ticks. */
export const ticks = () => z.number().meta({ unit: 'tick' });
/** A number of contracts; fractions occur where a bar's volume was spread over its range. */
export const contracts = () => z.number().min(0).meta({ unit: 'contract' });
/** Event time or a length of time in microseconds. */
export const micros = () => z.number().int().meta({ unit: 'us' });
/** A share, 0 to 1. */
export const share = () => z.number().min(0).max(1).meta({ unit: 'share' });
/** A count of things. */
export const count = () => z.number().int().min(0).meta({ unit: 'count' });
/** A trade date, `YYYY-MM-DD`: the date of the 17:00 ET close. */
export const tradeDate = () => z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
