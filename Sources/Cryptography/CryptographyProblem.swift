/// Why a cryptographic operation could not be done.
public enum CryptographyProblem: Error, Equatable, CustomStringConvertible {
  /// A number of random bytes outside 0 to `RandomBytes.maxCount`.
  case countOutOfRange(Int)
  /// The random generator has no seed; nothing that needs secrecy can go on.
  case noRandomness
  /// A password above `PasswordHash.maxPasswordLength` bytes.
  case passwordTooLong(length: Int)
  /// Bytes that are no key or no nonce, or a libcrypto without what the key is for.
  case badKey
  /// libargon2 refused; the sentence is its own.
  case argon2(String)

  /// One sentence for a log.
  public var description: String {
    switch self {
    case .countOutOfRange(let count):
      "\(count) random bytes asked for; 0 to \(RandomBytes.maxCount) can be given."
    case .noRandomness:
      "The random generator has no seed."
    case .passwordTooLong(let length):
      "The password has \(length) bytes; at most \(PasswordHash.maxPasswordLength) are taken."
    case .badKey:
      "The bytes are no key, or libcrypto was built without what the key is for."
    case .argon2(let message):
      "argon2id refused: \(message)."
    }
  }
}
