internal import Cryptography

extension CredentialsFinder {
  /// How many profiles may name one another as their source.
  static let profileDepthMax = 5

  /// What a profile of the shared files gives.
  func ofProfile(
    _ name: String, region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials {
    let files = await SharedFiles.read(environment)
    return try await ofProfile(name, in: files, seen: [], region: region, endpoint: endpoint)
  }

  private func ofProfile(
    _ name: String, in files: SharedFiles, seen: [String], region: String, endpoint: String?
  ) async throws(CredentialsProblem) -> Credentials {
    guard let settings = files.profiles[name] else {
      throw problem(name, "is not in the shared AWS files. Add it, or name another.")
    }
    // A profile may be its own source: then its keys are what the role is assumed with.
    guard let arn = settings.nonEmpty("role_arn"), seen.last != name else {
      return try keys(name, settings)
    }
    guard seen.count < Self.profileDepthMax, !seen.contains(name) else {
      throw problem(name, "has itself as its source in the end. Mend “source_profile”.")
    }
    try refuseUnsupported(name, settings)
    let base: Credentials
    if let source = settings.nonEmpty("source_profile") {
      base = try await ofProfile(
        source, in: files, seen: seen + [name], region: region, endpoint: endpoint)
    } else {
      base = try await ofSource(settings["credential_source"] ?? "", name)
    }
    let role = RoleRequest(
      arn: arn, sessionName: settings.nonEmpty("role_session_name") ?? "caretaker",
      externalID: settings.nonEmpty("external_id"),
      durationSeconds: settings["duration_seconds"].flatMap { Int($0) })
    return try await assume(role, with: base, region: region, endpoint: endpoint)
  }

  private func keys(
    _ name: String, _ settings: [String: String]
  ) throws(CredentialsProblem) -> Credentials {
    guard let id = settings.nonEmpty("aws_access_key_id"),
      let secret = settings.nonEmpty("aws_secret_access_key")
    else {
      try refuseUnsupported(name, settings)
      throw problem(name, "has no keys and no role. Give it one of them.")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: Secret(secret),
      sessionToken: settings.nonEmpty("aws_session_token").map { Secret($0) })
  }

  private func ofSource(
    _ source: String, _ name: String
  ) async throws(CredentialsProblem) -> Credentials {
    switch source {
    case "Environment":
      if let found = try ofEnvironment() { return found }
      throw problem(name, "takes its keys from the environment, which has none.")
    case "EcsContainer":
      let container = ContainerRole(environment: environment, send: send)
      if let found = try await container.find() { return found }
      throw problem(name, "takes its keys from the container's role, and there is none.")
    case "Ec2InstanceMetadata":
      return try await InstanceRole(environment: environment, send: send).find()
    default:
      throw problem(name, "has a role but no “source_profile”. Say with which keys to assume it.")
    }
  }

  /// Ways to credentials that need a browser, a device or another program.
  private func refuseUnsupported(
    _ name: String, _ settings: [String: String]
  ) throws(CredentialsProblem) {
    let unsupported = [
      "credential_process", "sso_session", "sso_start_url", "web_identity_token_file",
      "mfa_serial", "login_session",
    ]
    guard let setting = unsupported.first(where: { settings[$0] != nil }) else { return }
    throw problem(
      name,
      "uses “\(setting)”, which Caretaker does not support. Use keys, a role with a "
        + "source profile, or the role of the container or machine.")
  }

  private func problem(_ name: String, _ words: String) -> CredentialsProblem {
    CredentialsProblem(sentence: "The AWS profile “\(name)” \(words)")
  }
}
