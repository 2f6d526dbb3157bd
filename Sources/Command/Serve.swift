import ArgumentParser
import Foundation
import Logging
import Portal
import ServiceLifecycle
import UnixSignals

/// `caretaker serve`: the portal, until it is told to stop.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the portal.")

  @OptionGroup var config: ConfigurationOption

  @Flag(help: "Speak TLS with a certificate made now, which browsers warn of; for trying out.")
  var tlsSelfSigned = false

  func run() async throws {
    // A limit on the size of files is an error of one write, not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    let setting = try Setting(config)
    let recent = RecentLog()
    let handler = Self.logHandler(setting.configuration, keeping: recent)
    LoggingSystem.bootstrap { _ in handler }
    defer { setting.world.close() }
    guard let keeper = try LeaseKeeper(setting.configuration, world: setting.world) else {
      return try await serve(setting, keeping: recent, under: nil)
    }
    let hosts = tlsSelfSigned ? Self.selfSignedHosts + [setting.configuration.address] : nil
    guard try await keeper.standBy(setting, selfSignedFor: hosts) else { return }
    let renewing = Task { await keeper.keep() }
    var failure: (any Error)?
    do { try await serve(setting, keeping: recent, under: keeper) } catch { failure = error }
    renewing.cancel()
    await renewing.value
    await keeper.release()
    if keeper.isLost {
      if let failure { Logger(label: "caretaker").error("\(failure)") }
      throw Self.leaseLost
    }
    if let failure { throw failure }
  }

  /// The exit status of a portal whose place another one has taken: EX_TEMPFAIL of sysexits.h.
  private static let leaseLost = ExitCode(75)

  private func serve(
    _ setting: Setting, keeping recent: RecentLog, under keeper: LeaseKeeper?
  ) async throws {
    let portal = try Portal(
      configuration: setting.configuration, world: setting.world, recentLog: recent, lease: keeper)
    try await keeper?.beginWork()
    let address = setting.configuration.address
    let listener = try Listener(
      portal, selfSignedFor: tlsSelfSigned ? Self.selfSignedHosts + [address] : nil)
    let metrics = try MetricsListener(portal, beside: listener)
    let (listens, begun) = AsyncStream<Never>.makeStream()
    let services: [any Service] = [
      Listening(portal: portal, listener: listener, metrics: metrics, begun: begun),
      Polling(portal: portal, listens: listens), Renewing(listener: listener),
    ]
    let working = Working(keeper: keeper)
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: working, successTerminationBehavior: .gracefullyShutdownGroup)]
          + services.map { .init(service: $0) },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "caretaker")))
    try await group.run()
  }

  /// The lease as a service: it is over when another portal has taken it, and all others with it.
  private struct Working: Named {
    static let name = "lease"
    let keeper: LeaseKeeper?

    func run() async throws {
      guard let keeper else { return try await gracefulShutdown() }
      do {
        try await cancelWhenGracefulShutdown { try await keeper.waitUntilLost() }
      } catch is CancellationError {}
    }
  }

  /// Writes lines to standard error, and keeps the last.
  private static func logHandler(
    _ configuration: Configuration, keeping recent: RecentLog
  ) -> LineLogHandler {
    var handler = LineLogHandler(isJSON: configuration.logsJSON) {
      Int64(Date().timeIntervalSince1970 * 1_000)
    } write: { line in
      recent.add(line)
      // What a full disk takes no more of is lost; the portal goes on.
      FileHandle.standardError.tell(line)
    }
    handler.logLevel = configuration.logLevel
    return handler
  }

  /// Where a machine is reached from itself.
  private static let selfSignedHosts = ["localhost", "127.0.0.1", "::1"]

  /// The ports as a service: once told to stop they take no more, and answer what they have. They
  /// open here because the group traps signals first: who reads the address may stop it at once.
  private struct Listening: Named {
    static let name = "ports"
    let portal: Portal
    let listener: Listener
    let metrics: MetricsListener?
    let begun: AsyncStream<Never>.Continuation

    func run() async throws {
      let log = Logger(label: "caretaker")
      let port = try listener.start()
      log.notice("Caretaker \(Portal.version) on \(listener.url(at: port))")
      begun.finish()
      if let token = try portal.beginSetup() { try tell(token) }
      if let port = try metrics?.start() { log.notice("Metrics on port \(port)") }
      try await gracefulShutdown()
      await metrics?.stop()
      try await listener.stop()
    }

    /// To the terminal alone: the log would keep it.
    private func tell(_ token: String) throws {
      try FileHandle.standardOutput.write(
        contentsOf: Data(
          """
          Nobody is here yet. Open /setup and type this token, which is good once:
          \(token)

          """.utf8))
    }
  }

  /// What the portal does by its own clock, as a service. Whoever opens a page at once does not
  /// wait for it: it begins when the port is open.
  private struct Polling: Named {
    static let name = "polling"
    let portal: Portal
    let listens: AsyncStream<Never>

    func run() async throws {
      for await _ in listens {}
      await cancelWhenGracefulShutdown {
        async let schedule: Void = portal.keepSchedule()
        async let memory: Void = portal.keepMemoryLow()
        async let backups: Void = portal.keepBackups()
        await portal.keepPolling()
        _ = await (schedule, memory, backups)
      }
    }
  }

  /// The certificate as a service: read again when its files have changed, and at SIGHUP.
  private struct Renewing: Named {
    static let name = "certificate"
    let listener: Listener

    func run() async throws {
      await cancelWhenGracefulShutdown {
        async let followed: Void = listener.keepCertificate()
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
          await listener.reloadCertificate()
        }
        await followed
      }
    }
  }
}
