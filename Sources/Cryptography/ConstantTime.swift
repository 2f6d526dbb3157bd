import COpenSSL

/// Whether two byte strings are equal, in a time that depends on their lengths alone, so that
/// an answer's delay tells a guesser nothing about how much of a guess was right.
public func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
  a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}
