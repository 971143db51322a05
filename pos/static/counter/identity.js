/**
 * Document ids minted in the page.
 *
 * What must stay true: UUID version 7, random beyond its millisecond, in any context: a tablet that
 * reaches the shop's PC over plain http has no crypto.randomUUID.
 */

export function uuid7(now = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))) {
  const time = now.toString(16).padStart(12, "0");
  const bytes = Array.from(random);
  bytes[0] = (bytes[0] & 0x0f) | 0x70;
  bytes[2] = (bytes[2] & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [time.slice(0, 8), time.slice(8), hex.slice(0, 4), hex.slice(4, 8), hex.slice(8)].join(
    "-",
  );
}
