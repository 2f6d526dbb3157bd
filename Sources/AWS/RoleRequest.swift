/// A role to assume, and how (AssumeRole, AWS STS API Reference).
public struct RoleRequest: Sendable {
  /// The role's ARN.
  var arn: String
  /// The name under which the role's acts are logged.
  var sessionName = "caretaker"
  /// What the role's trust policy may ask for.
  var externalID: String?
  /// How long the credentials last, 900 to 43200; nil for an hour.
  var durationSeconds: Int?
  /// Who it is for, as CloudTrail keeps it; nil for nobody in particular.
  var sourceIdentity: String?
  /// What the session may do of what the role may; nil for all of it.
  var policy: String?
}

extension RoleRequest {
  /// How long the credentials of one run last before they are asked for anew.
  static let runSeconds = 900
  /// The longest name of a person that STS takes.
  static let sourceIdentityLengthMax = 64

  /// A session for one purpose: for a quarter of an hour, with no more than a policy allows.
  /// - Parameter person: Signs that STS does not take become `-`.
  public static func run(
    _ arn: String, sessionName: String, for person: String, policy: String
  ) -> RoleRequest {
    let plain = String(
      person.prefix(sourceIdentityLengthMax).map { sign in
        sign.isASCII && (sign.isLetter || sign.isNumber || "_+=,.@-".contains(sign)) ? sign : "-"
      })
    return RoleRequest(
      arn: arn, sessionName: sessionName, durationSeconds: runSeconds,
      sourceIdentity: plain.count < 2 ? plain + "-" : plain, policy: policy)
  }
}
