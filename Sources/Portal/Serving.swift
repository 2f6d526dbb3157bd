package import GRDB
import HTTP
import HTTPTypes
import Logging
import Rules

/// What a process needs of the portal to serve it.
extension Portal {
  /// The fields on every answer, also those the HTTP core makes itself.
  static let standingHeaders: HTTPFields = {
    var headers: HTTPFields = [
      .strictTransportSecurity: "max-age=63072000; includeSubDomains",
      .contentSecurityPolicy:
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      .xContentTypeOptions: "nosniff",
      // What may be kept says so itself.
      .cacheControl: "no-store",
    ]
    let others = [
      "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
        + "payment=(), usb=()",
    ]
    for (name, value) in others {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    return headers
  }()

  /// Most sites that are read at the same time: it bounds what sweeps hold of memory and of
  /// connections. Sites beyond take turns with one another.
  private static let lanesMax = 8

  /// The sites, dealt out to those that are read at the same time.
  private var lanes: [[Site]] {
    let count = min(Self.lanesMax, configuration.sites.count)
    return (0..<count).map { lane in
      stride(from: lane, to: configuration.sites.count, by: count).map { configuration.sites[$0] }
    }
  }

  /// Polls every site and signs the log, each on its own clock, until cancelled.
  public func keepPolling() async {
    await withTaskGroup { group in
      group.addTask { await self.keepHouse() }
      group.addTask { await self.keepLog() }
      group.addTask { await self.keepStream() }
      group.addTask { await self.keepSearch() }
      group.addTask { await self.keepNotifying() }
      group.addTask { await self.keepReplica() }
      for lane in lanes { group.addTask { await self.keepPolling(lane) } }
    }
  }

  private func keepPolling(_ sites: [Site]) async {
    while !Task.isCancelled {
      await poll(sites)
      try? await Task.sleep(for: .seconds(configuration.pollSeconds))
    }
  }

  /// Polls every site once. For drills and benchmarks, which wait until it is over.
  package func pollOnce() async {
    await withTaskGroup { group in
      for lane in lanes { group.addTask { await self.poll(lane) } }
    }
  }

  private func poll(_ sites: [Site]) async {
    for site in sites where !Task.isCancelled { await poll(means(at: site)) }
  }

  /// Reads a site once, settles what can be settled and closes what has run out of time.
  func poll(_ means: Means) async {
    do {
      try await Poller(cloud: means.cloud, storage: storage, outside: outside, log: log).poll()
      let reconciler = Reconciler(storage: storage, outside: outside, log: log)
      try await reconciler.settle(with: means)
      try await reconciler.sweep()
      try await CostReader(means: means).read()
    } catch is CancellationError {
      // The next start reads it.
    } catch {
      log.error("Poll of \(means.cloud.site.name): \(error)")
    }
  }

  /// Tells an observer of every commit from now on. For drills, which end the process at one.
  package func observeCommits(_ observer: some TransactionObserver) {
    storage.observe(observer)
  }

  /// Lets runs finish the call they are making, signs the log as it is left, then closes the
  /// database.
  func close() async throws {
    await executions.stop()
    // A log of which much is unsigned does not hold up the stop.
    await signLog(checkpointsMax: 1)
    try? await within(anchorWithinMs) { await self.anchorLog() }
    passwords.close()
    files.close()
    themeLibrary.close()
    try storage.close()
  }
}
