/** Up to this many bytes a loop beats the call that copies a range. */
const SHORT_VALUE = 64;

/** Reads what a `ProtoBuffer` wrote, value by value. @see https://protobuf.dev/programming-guides/encoding/ */
export class ProtoReader {
  private message: Uint8Array = new Uint8Array();
  private position = 0;

  start(message: Uint8Array): void {
    this.message = message;
    this.position = 0;
  }

  get isAtEnd(): boolean {
    return this.position === this.message.length;
  }

  /** The lowest 32 bits of a varint, which are all of a tag, a length or a 32-bit integer. */
  varint32(): number {
    const { message } = this;
    let bits = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[this.position++]!;
      if (shift < 32) bits |= (byte & 127) << shift;
      if (byte < 128) return bits;
    }
  }

  /** Puts the lower and the upper 32 bits of a varint into `words`, from `index`. */
  varint64(words: Int32Array, index: number): void {
    const { message } = this;
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[this.position++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift > 28) high |= bits << (shift - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
      if (byte < 128) break;
    }
    words[index] = low;
    words[index + 1] = high;
  }

  /** Puts the lower and the upper 32 bits of a fixed64 into `words`, from `index`. */
  fixed64(words: Int32Array, index: number): void {
    words[index] = this.fixed32();
    words[index + 1] = this.fixed32();
  }

  /** Copies the next `length` bytes to `target`, from `index`. */
  copy(length: number, target: Uint8Array, index: number): void {
    const { message, position: begin } = this;
    this.position += length;
    if (length > SHORT_VALUE) target.set(message.subarray(begin, this.position), index);
    else for (let offset = 0; offset < length; offset++) target[index + offset] = message[begin + offset]!;
  }

  private fixed32(): number {
    const { message, position } = this;
    this.position += 4;
    return (
      message[position]! |
      (message[position + 1]! << 8) |
      (message[position + 2]! << 16) |
      (message[position + 3]! << 24)
    );
  }
}
