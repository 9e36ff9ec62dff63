/** Whether a string has no lone surrogate, so that UTF-8 can hold it unchanged. */
export function isWellFormed(value: string): boolean {
  // ES2024; every Node since 20 has it.
  return (value as string & { isWellFormed(): boolean }).isWellFormed();
}
