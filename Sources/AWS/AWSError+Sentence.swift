extension AWSError {
  /// What happened and what to do, for a person. Holds no secret.
  public var sentence: String {
    let call = "\(operation.api.name) \(operation.name)"
    switch reason {
    case .service(let code, let message, let status, let requestID):
      let request = requestID.isEmpty ? "" : " (Request \(requestID).)"
      return explained(code, message, status) + request
    case .transport(let problem): return "\(call): " + sentence(of: problem)
    case .unreadable(let detail):
      return "\(call): AWS's answer can't be read: \(detail)."
        + (operation.isRead ? " Try again." : " It may have been done: look before trying again.")
    case .notFound(let what): return "\(what) Check the configuration's names and region."
    case .noCredentials(let words): return words
    case .leftAlone(let ms, let after):
      return after + (after.isEmpty ? "" : " ")
        + "\(operation.api.name) has failed \(Pace.failuresMax) times or more in a row. "
        + "Caretaker asks it again in \(max(ms / 1_000, 1)) seconds."
    case .misconfigured(let words): return "\(call) can't be made: \(words)"
    }
  }

  private static let expiredCodes: Set = [
    "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired",
  ]
  private static let unknownKeyCodes: Set = [
    "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
    "MissingAuthenticationToken", "InvalidToken",
  ]
  private static let signatureCodes: Set = [
    "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature",
    "AuthorizationHeaderMalformed",
  ]
  private static let deniedCodes: Set = [
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError",
    "NotAuthorized",
  ]
  private static let regionCodes: Set = [
    "PermanentRedirect", "IllegalLocationConstraintException", "OptInRequired", "HTTP 301",
  ]

  private func explained(_ code: String, _ message: String, _ status: Int) -> String {
    let call = "\(operation.api.name) \(operation.name)"
    if Self.deniedCodes.contains(code) {
      return "AWS does not allow this: \(call). "
        + "Give Caretaker's role the action “\(operation.action)”."
    }
    if Self.expiredCodes.contains(code) {
      return "\(call): the AWS credentials have expired. Renew them, or use a role."
    }
    if Self.unknownKeyCodes.contains(code) {
      return "\(call): AWS does not know the credentials. Check the access key and session token."
    }
    if isClockSkew {
      return "\(call): this machine's clock differs from AWS's. Set it by NTP."
    }
    if Self.signatureCodes.contains(code) {
      return "\(call): AWS does not accept the signature. Check the secret access key, the "
        + "region “\(region)”, and this machine's clock."
    }
    if isThrottle {
      return "\(call): AWS is answering too many calls of this account (\(code)). "
        + "Nothing was done; try again in a minute."
    }
    if Self.regionCodes.contains(code) {
      return "\(call): this is not the right region or endpoint (“\(region)”). Check “region”."
    }
    // With 408 it stopped waiting for the request, which it may have had whole.
    if status >= 500 || status == 408 {
      return "\(call): AWS failed (\(code))."
        + (operation.isRead
          ? " Try again in a minute." : " It may have been done: look before trying again.")
    }
    let said = message.prefix(Self.messageCharactersMax)
    return said.isEmpty
      ? "\(call): AWS refused (\(code))." : "\(call): AWS refused (\(code)): \(said)"
  }

  /// The most of AWS's own words that is repeated.
  private static let messageCharactersMax = 500

  private func sentence(of problem: TransportProblem) -> String {
    let after =
      problem.wasSent && !operation.isRead
      ? " It may have been done: look before trying again." : ""
    switch problem.kind {
    case .couldNotConnect:
      return "no connection to AWS in “\(region)”. Check the network, “region” and “endpoint”."
    case .tls:
      return "AWS's certificate is not accepted. Check the machine's certificates and its clock, "
        + "and whether something on the way opens TLS."
    case .timedOut: return "AWS did not answer in time." + (after.isEmpty ? " Try again." : after)
    case .reset: return "the connection broke." + (after.isEmpty ? " Try again." : after)
    case .tooLarge: return "the answer is longer than Caretaker takes." + after
    case .cancelled: return "the call was given up." + after
    case .other(let words): return "the call failed (\(words))." + after
    }
  }
}
