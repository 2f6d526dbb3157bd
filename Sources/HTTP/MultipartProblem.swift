/// Why a form with files cannot be read. Its description is a sentence for the person who sent it.
public enum MultipartProblem: Error, Equatable, CustomStringConvertible {
  /// Content-Type is not multipart/form-data with a usable boundary.
  case notMultipart
  /// Something is not as RFC 7578 and RFC 2046 have it.
  case malformed(String)
  /// The last boundary is missing.
  case cutShort
  /// A field whose bytes are not UTF-8, or that holds a NUL.
  case notText(String)
  /// A file with a name that can't be shown or kept as it is.
  case badFileName
  /// A name given twice that may be given once.
  case repeated(String)
  /// More parts than are read.
  case tooManyParts
  /// A field, or all of them together, that is too large for memory.
  case fieldTooLarge(String)
  /// The file that holds the body can't be read.
  case unreadable(BodyFileProblem)

  /// The sentence.
  public var description: String {
    switch self {
    case .notMultipart: "The form is not encoded as forms with files are."
    case .malformed(let what): "The form is not encoded as forms with files are: \(what)."
    case .cutShort: "The form broke off before its end. Send it again."
    case .notText(let name): "The field \"\(name.prefix(40))\" holds something that is not text."
    case .badFileName:
      "The name of the file has characters that can't be kept, or is too long. "
        + "Rename the file and send it again."
    case .repeated(let name): "The field \"\(name.prefix(40))\" was sent more than once."
    case .tooManyParts: "The form has too many fields."
    case .fieldTooLarge(let name): "The field \"\(name.prefix(40))\" is too long. Shorten it."
    case .unreadable(let problem): problem.description
    }
  }
}
