/** Shows what is true, and ends the demo with what is not. */
export function check(claim: string, isTrue: boolean, found: string): void {
  if (!isTrue) throw new Error(`not so: ${claim}; ${found}`);
  console.log(`  ok  ${claim}`);
}
