import Rules

/// Whether people can sign in through the OpenID provider: its description, its keys, our secret.
struct OpenIDCheck: Sendable {
  private let provider: OpenIDProvider

  /// A check of the provider that a configuration names; nil where it names none.
  init?(_ configuration: Configuration, outside: Outside) {
    guard let provider = OpenIDProvider(configuration, outside: outside) else { return nil }
    self.provider = provider
  }

  /// Tries it.
  func result() async -> SelfCheck {
    await .trying("OpenID", remedy: "Check openid in the configuration, and the provider.") {
      [provider] in
      _ = try provider.settings.secret.read()
      _ = try await provider.readKeys()
      return "\(provider.settings.issuer) describes itself and has keys."
    }
  }
}

extension OpenIDProvider {
  /// The provider that a configuration names; nil where it names none.
  init?(_ configuration: Configuration, outside: Outside) {
    guard let settings = configuration.openID else { return nil }
    self.init(
      settings, transport: outside.cloud(configuration.sites[0]).transport, now: outside.now)
  }
}
