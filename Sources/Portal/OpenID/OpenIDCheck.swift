import Rules

/// Whether people can sign in through the OpenID provider: its description, its keys, our secret.
public struct OpenIDCheck: Sendable {
  private let provider: OpenIDProvider

  /// A check of the provider that a configuration names; nil where it names none.
  public init?(_ configuration: Configuration, world: World) {
    guard let provider = OpenIDProvider(configuration, outside: world.outside) else { return nil }
    self.provider = provider
  }

  /// Tries it.
  public func result() async -> SiteCheck.Result {
    let (isGood, sentence) = await tried()
    return SiteCheck.Result(what: "OpenID", isGood: isGood, sentence: sentence)
  }

  private func tried() async -> (Bool, String) {
    do {
      _ = try provider.settings.secret.read()
      _ = try await provider.readKeys()
      return (true, "\(provider.settings.issuer) describes itself and has keys")
    } catch let error as any SpokenError {
      return (false, error.sentence)
    } catch {
      return (false, "\(error)")
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
