/// Walks through the bytes of a text and tries at each place what may begin there. Looks ahead by
/// a bounded number of bytes, so that no text makes it slow.
struct SecretScanner {
  /// What was found, and where.
  struct Match {
    let name: String
    let range: Range<Int>
  }

  /// How far a try looks ahead.
  private static let lookAheadMax = 128
  /// How far from a possible AWS secret the word may stand that says what it is.
  private static let nearBytes = 40
  private static let passwordWords = [
    "password", "passphrase", "passwd", "pass", "pwd", "secret", "token", "api_key", "api-key",
    "apikey",
  ].map { Array($0.utf8) }

  private let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  /// Every match, none overlapping another.
  func matches(of form: (Int) -> Match?) -> [Match] {
    var matches: [Match] = []
    var index = 0
    while index < bytes.count {
      guard let match = form(index) else {
        index += 1
        continue
      }
      // What is found at its middle may begin in the match before.
      let start = max(match.range.lowerBound, matches.last?.range.upperBound ?? 0)
      matches.append(Match(name: match.name, range: start..<match.range.upperBound))
      index = max(match.range.upperBound, index + 1)
    }
    return matches
  }

  /// The text without what was found.
  func removing(_ matches: [Match], from text: String) -> String {
    guard !matches.isEmpty else { return text }
    var kept: [UInt8] = []
    var start = 0
    for match in matches {
      kept += bytes[start..<match.range.lowerBound] + Array("[\(match.name), taken out]".utf8)
      start = match.range.upperBound
    }
    return String(decoding: kept + bytes[start...], as: UTF8.self)
  }

  /// A secret that shows by its own form at this place.
  func key(at index: Int) -> Match? {
    let byte = bytes[index]
    if byte == UInt8(ascii: ":") { return ghostKey(at: index) ?? address(at: index) }
    if byte == UInt8(ascii: "-") { return privateKey(at: index) }
    if byte.isBase64, index == 0 || !bytes[index - 1].isBase64, let secret = awsSecret(at: index) {
      return secret
    }
    guard byte.isAlphanumeric, isWordStart(index) else { return nil }
    return marked(at: index) ?? signedToken(at: index) ?? authorization(at: index)
  }

  /// A word that says that what follows is secret, and what follows: `password=…`, `"token": "…"`,
  /// `mail__options__auth__pass=…`.
  func assignment(at index: Int) -> Match? {
    guard bytes[index].isAlphanumeric, isWordStart(index),
      let word = Self.passwordWords.first(where: { has($0, at: index, ignoringCase: true) })
    else { return nil }
    var place = index + word.count
    if place < bytes.count, bytes[place].isQuote { place += 1 }
    place = skip(\.isSpace, from: place)
    guard place < bytes.count else { return nil }
    let sign = bytes[place]
    place = skip(\.isSpace, from: place + 1)
    if place < bytes.count, bytes[place].isQuote { place += 1 }
    let value = run(\.isValue, from: place)
    let isSecret =
      switch sign {
      case UInt8(ascii: "="): value.count >= 6
      // People write sentences after a colon, so what follows must look made; and the
      // `secret:name` of an ARN is none.
      case UInt8(ascii: ":"):
        value.count >= 8 && bytes[value].contains(where: \.isDigit)
          && bytes[value].contains(where: \.isLetter)
          && (index == 0 || bytes[index - 1] != UInt8(ascii: ":"))
      default: false
      }
    guard isSecret else { return nil }
    return Match(name: "a password", range: index..<end(of: \.isValue, from: value.upperBound))
  }

  private func marked(at index: Int) -> Match? {
    for form in SecretMark.all where has(form.mark, at: index) {
      let start = index + form.mark.count
      let count = run(form.alphabet, from: start).count
      guard form.count.contains(count) else { continue }
      return Match(name: form.name, range: index..<end(of: form.alphabet, from: start + count))
    }
    return nil
  }

  /// A JSON Web Token: three parts in base64url, the first an object (RFC 7519).
  private func signedToken(at index: Int) -> Match? {
    guard has(Array("eyJ".utf8), at: index) else { return nil }
    let isPart: (UInt8) -> Bool = { $0.isNameLike || $0 == UInt8(ascii: ".") }
    let seen = run(isPart, from: index)
    let parts = bytes[seen].split(separator: UInt8(ascii: "."))
    // The second part may be longer than is looked ahead.
    guard parts.count >= (seen.count == Self.lookAheadMax ? 2 : 3),
      parts.prefix(3).allSatisfy({ $0.count >= 8 })
    else { return nil }
    return Match(name: "a signed token", range: index..<end(of: isPart, from: seen.upperBound))
  }

  private func authorization(at index: Int) -> Match? {
    guard
      let word = ["bearer ", "basic "].map({ Array($0.utf8) })
        .first(where: { has($0, at: index, ignoringCase: true) })
    else { return nil }
    let isToken: (UInt8) -> Bool = { $0.isNameLike || $0.isBase64 || ".~".utf8.contains($0) }
    let value = run(isToken, from: skip(\.isSpace, from: index + word.count))
    guard value.count >= 20, bytes[value].contains(where: \.isDigit) else { return nil }
    return Match(name: "an authorization", range: index..<end(of: isToken, from: value.upperBound))
  }

  /// From the first line to the last, or to the end where that was cut off.
  private func privateKey(at index: Int) -> Match? {
    guard has(Array("-----BEGIN ".utf8), at: index) else { return nil }
    let isTitle: (UInt8) -> Bool = { 0x41...0x5A ~= $0 || $0 == UInt8(ascii: " ") }
    let title = run(isTitle, from: index + 11)
    guard String(decoding: bytes[title], as: UTF8.self).contains("PRIVATE KEY") else { return nil }
    let mark = Array("-----END ".utf8)
    let last = (title.upperBound..<bytes.count).first { has(mark, at: $0) }
    let close = last.map { run(isTitle, from: $0 + mark.count).upperBound + 5 } ?? bytes.count
    return Match(name: "a private key", range: index..<min(close, bytes.count))
  }

  /// An Admin API key: 24 hexadecimal digits, a colon, 64 more.
  private func ghostKey(at colon: Int) -> Match? {
    let start = colon - 24
    guard start >= 0, bytes[start..<colon].allSatisfy(\.isHex), isWordStart(start) else {
      return nil
    }
    let secret = run(\.isAlphanumeric, from: colon + 1)
    guard secret.count == 64, bytes[secret].allSatisfy(\.isHex) else { return nil }
    return Match(name: "a Ghost key", range: start..<secret.upperBound)
  }

  /// What stands before the `@` of an address (RFC 3986 §3.2.1).
  private func address(at colon: Int) -> Match? {
    guard has(Array("://".utf8), at: colon), colon > 0, bytes[colon - 1].isAlphanumeric else {
      return nil
    }
    let authority = run({ !$0.isSpace && $0 != UInt8(ascii: "/") }, from: colon + 3)
    guard let at = bytes[authority].lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let user = bytes[authority.lowerBound..<at]
    let password = user.firstIndex(of: UInt8(ascii: ":"))
    if let password, password + 1 < at {
      return Match(name: "an address with a password", range: authority.lowerBound..<at)
    }
    return user.count < 20
      ? nil : Match(name: "an address with a token", range: authority.lowerBound..<at)
  }

  /// Forty characters of base64 have no mark of their own: they count when they are as mixed as
  /// chance makes them and a word near them says what they are.
  private func awsSecret(at index: Int) -> Match? {
    let run = run(\.isBase64, from: index)
    guard run.count == 40, bytes[run].contains(where: \.isDigit),
      bytes[run].contains(where: { 0x41...0x5A ~= $0 }),
      bytes[run].contains(where: { 0x61...0x7A ~= $0 })
    else { return nil }
    let before = bytes[max(0, run.lowerBound - Self.nearBytes)..<run.lowerBound]
    let after = bytes[run.upperBound..<min(bytes.count, run.upperBound + Self.nearBytes)]
    let near = String(decoding: before + [0] + after, as: UTF8.self).lowercased()
    guard ["secret", "aws", "access", "key"].contains(where: near.contains) else { return nil }
    return Match(name: "an AWS secret", range: run)
  }

  private func isWordStart(_ index: Int) -> Bool {
    index == 0 || !bytes[index - 1].isAlphanumeric
  }

  private func has(_ word: [UInt8], at index: Int, ignoringCase: Bool = false) -> Bool {
    guard word.count <= bytes.count - index else { return false }
    return word.indices.allSatisfy { offset in
      let byte = bytes[index + offset]
      return word[offset] == byte || ignoringCase && byte.isLetter && word[offset] == byte | 0x20
    }
  }

  /// The bytes of an alphabet from here on, as far as is looked.
  private func run(_ alphabet: (UInt8) -> Bool, from start: Int) -> Range<Int> {
    let start = min(start, bytes.count)
    let limit = min(bytes.count, start + Self.lookAheadMax)
    return start..<((start..<limit).first { !alphabet(bytes[$0]) } ?? limit)
  }

  private func skip(_ alphabet: (UInt8) -> Bool, from start: Int) -> Int {
    run(alphabet, from: start).upperBound
  }

  /// Where the bytes of an alphabet end, however far that is: for what is found and passed over.
  private func end(of alphabet: (UInt8) -> Bool, from start: Int) -> Int {
    (start..<bytes.count).first { !alphabet(bytes[$0]) } ?? bytes.count
  }
}

extension UInt8 {
  var isUpperOrDigit: Bool { isDigit || 0x41...0x5A ~= self }
  var isBase64: Bool { isAlphanumeric || "/+=".utf8.contains(self) }
  var isNameLike: Bool { isAlphanumeric || "_-".utf8.contains(self) }
  var isSpace: Bool { self == 0x20 || 0x09...0x0D ~= self }
  var isQuote: Bool { "\"'".utf8.contains(self) }
  /// What a value goes on with until a space, a quote or a comma.
  var isValue: Bool { !isSpace && !isQuote && self != UInt8(ascii: ",") }
}
