import Testing

@testable import Cryptography

/// Signatures by others, with the examples of RFC 7515.
@Suite struct PublicKeyTests {
  private struct Example {
    let key: PublicKey
    let message: [UInt8]
    let signature: [UInt8]
  }

  private static let payload =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    + "fQ"

  private func bytes(_ text: String) throws -> [UInt8] { try #require(Base64URL.decode(text)) }

  /// RFC 7515 A.3.
  private func es256() throws -> Example {
    let key = PublicKey(
      x: try bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
      y: try bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
    return Example(
      key: try #require(key), message: Array(("eyJhbGciOiJFUzI1NiJ9." + Self.payload).utf8),
      signature: try bytes(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-K"
          + "g6NU1Q"))
  }

  /// RFC 7515 A.2.
  private func rs256() throws -> Example {
    let key = PublicKey(
      modulus: try bytes(
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJ"
          + "PMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0"
          + "LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uD"
          + "Zlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2"
          + "PAcDTW9gb54h4FRWyuXpoQ"),
      exponent: [1, 0, 1])
    return Example(
      key: try #require(key), message: Array(("eyJhbGciOiJSUzI1NiJ9." + Self.payload).utf8),
      signature: try bytes(
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF"
          + "5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK"
          + "5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqt"
          + "FZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrB"
          + "p0igcN_IoypGlUPQGe77Rw"))
  }

  @Test func `the examples of RFC 7515 are signed by their keys, and by each other's not`() throws {
    let (es256, rs256) = (try es256(), try rs256())
    for (one, other) in [(es256, rs256), (rs256, es256)] {
      #expect(one.key.isValid(jws: one.signature, of: one.message))
      #expect(!other.key.isValid(jws: one.signature, of: one.message))
    }
    #expect(es256.key.isP256)
    #expect(!rs256.key.isP256)
  }

  @Test func `any bit changed in message or signature is another signature`() throws {
    for example in [try es256(), try rs256()] {
      for index in stride(from: 0, to: example.signature.count, by: 7) {
        var changed = example.signature
        changed[index] ^= 1
        #expect(!example.key.isValid(jws: changed, of: example.message))
      }
      #expect(!example.key.isValid(jws: example.signature, of: example.message + [0]))
      #expect(!example.key.isValid(jws: [], of: example.message))
      #expect(!example.key.isValid(jws: Array(example.signature.dropLast()), of: example.message))
    }
  }

  @Test func `a point beside the curve and numbers of RSA too small to trust are no keys`() throws {
    let x = try bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
    #expect(PublicKey(x: x, y: x) == nil)
    #expect(PublicKey(x: x, y: []) == nil)
    #expect(PublicKey(modulus: .init(repeating: 0xff, count: 128), exponent: [1, 0, 1]) == nil)
    #expect(PublicKey(modulus: .init(repeating: 0xff, count: 1_025), exponent: [1, 0, 1]) == nil)
    #expect(PublicKey(modulus: .init(repeating: 0xff, count: 256), exponent: [2]) == nil)
    #expect(PublicKey(modulus: .init(repeating: 0xff, count: 256), exponent: []) == nil)
  }
}
