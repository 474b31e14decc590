/** Which platforms are not there. Without a variant, any variant is meant: `linux/arm64` is there as `linux/arm64/v8`. */
export const lackingPlatforms = (wanted: readonly string[], there: readonly string[]): readonly string[] =>
  wanted.filter((platform) => !there.some((one) => one === platform || one.startsWith(`${platform}/`)));
