/// Addresses of mail as people type them.
public enum MailAddress {
  /// The longest that AWS takes (PutAccountDetails, Amazon SES API v2 Reference).
  public static let lengthMax = 254

  /// Whether something can be an address: a name and a domain, without spaces and signs that
  /// headers are made of. Only a mail that arrives proves one.
  public static func isPlausible(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, text.utf8.count <= lengthMax,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !#"<>()[]\,;:""#.utf8.contains($0) })
    else { return false }
    let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    return !parts[0].isEmpty && labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
  }
}
