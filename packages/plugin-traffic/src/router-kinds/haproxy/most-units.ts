/** The largest weight of a server. Source: HAProxy configuration manual, "weight". */
export const mostUnits = 256;
