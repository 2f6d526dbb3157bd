import COpenSSL

/// A public key that others sign with: of the curve P-256 (ES256) or RSA (RS256), both over SHA-256
/// (RFC 7518 §3.3, §3.4).
public struct PublicKey: Sendable, Hashable {
  /// The length of a coordinate of P-256 in bytes.
  public static let coordinateLength = 32
  /// The sizes of modulus that are taken, in bytes: 2,048 to 8,192 bits.
  public static let modulusLengths = 256...1_024
  /// The longest exponent in bytes; everybody uses 65,537.
  public static let exponentLengthMax = 4

  /// Whether it is a key of ES256; one of RS256 otherwise.
  public let isP256: Bool
  /// As SubjectPublicKeyInfo (RFC 5480 §2, RFC 3279 §2.3.1).
  private let encoded: [UInt8]

  /// A point of P-256 by its coordinates, big-endian.
  /// - Returns: nil unless it lies on the curve.
  public init?(x: [UInt8], y: [UInt8]) {
    guard x.count == Self.coordinateLength, y.count == Self.coordinateLength else { return nil }
    // id-ecPublicKey, prime256v1
    let algorithm: [UInt8] = [
      0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
      0x3d, 0x03, 0x01, 0x07,
    ]
    self.init(isP256: true, algorithm, key: [4] + x + y)
  }

  /// A key of RSA by its numbers, big-endian.
  /// - Returns: nil for sizes that nobody should trust or wait for.
  public init?(modulus: [UInt8], exponent: [UInt8]) {
    guard Self.modulusLengths.contains(modulus.count), modulus.first != 0,
      (1...Self.exponentLengthMax).contains(exponent.count), exponent.last.map({ $0 & 1 }) == 1
    else { return nil }
    // rsaEncryption, NULL
    let algorithm: [UInt8] = [
      0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]
    let numbers = DER.integer(modulus[...]) + DER.integer(exponent[...])
    self.init(isP256: false, algorithm, key: DER.sequence(numbers))
  }

  private init?(isP256: Bool, _ algorithm: [UInt8], key: [UInt8]) {
    self.isP256 = isP256
    encoded = DER.sequence(DER.sequence(algorithm) + DER.bitString(key))
    guard let opened = opened() else { return nil }
    EVP_PKEY_free(opened)
  }

  /// Whether `signature` is this key's over `message`: for P-256 in DER (RFC 3279 §2.2.3), for RSA
  /// of PKCS #1 v1.5 (RFC 8017 §8.2).
  public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard let key = opened(), let context = EVP_MD_CTX_new() else { return false }
    defer {
      EVP_MD_CTX_free(context)
      EVP_PKEY_free(key)
      // A wrong signature leaves a note in this thread's queue of libcrypto, for nobody.
      ERR_clear_error()
    }
    return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  /// The same for a signature as JWS writes it: for P-256 the two numbers in a row (RFC 7518 §3.4).
  public func isValid(jws signature: [UInt8], of message: [UInt8]) -> Bool {
    guard isP256 else { return isValid(signature, of: message) }
    guard signature.count == 2 * Self.coordinateLength else { return false }
    let (r, s) = (signature.prefix(Self.coordinateLength), signature.suffix(Self.coordinateLength))
    return isValid(DER.sequence(DER.integer(r) + DER.integer(s)), of: message)
  }

  /// libcrypto's key, to be freed; nil for numbers that make none.
  private func opened() -> OpaquePointer? {
    defer { ERR_clear_error() }
    return encoded.withUnsafeBufferPointer { bytes in
      var next = bytes.baseAddress
      return d2i_PUBKEY(nil, &next, bytes.count)
    }
  }
}

/// The little of DER (X.690 §10) that keys and signatures are written in.
private enum DER {
  static func sequence(_ body: [UInt8]) -> [UInt8] { value(0x30, body) }

  static func bitString(_ bytes: [UInt8]) -> [UInt8] { value(0x03, [0] + bytes) }

  /// A number without sign, big-endian.
  static func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var digits = Array(bytes.drop { $0 == 0 })
    if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
    return value(0x02, digits)
  }

  private static func value(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
    guard body.count >= 0x80 else { return [tag, UInt8(body.count)] + body }
    let length = withUnsafeBytes(of: body.count.bigEndian) { Array($0.drop { $0 == 0 }) }
    return [tag, 0x80 | UInt8(length.count)] + length + body
  }
}
