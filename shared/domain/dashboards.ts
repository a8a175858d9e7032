/** Most cards of one dashboard: more than anybody can look at, and a bound on one row. */
export const maxCards = 40
