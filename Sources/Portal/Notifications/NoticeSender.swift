import Logging
import Rules

extension Portal {
  /// How often it is looked for notices to send.
  static let noticesEveryMs = 5 * Span.second

  /// Sends notices on their own clock, until cancelled. Each way has one of its own: one that is
  /// down or slow keeps no other waiting.
  func keepNotifying() async {
    await byEveryWay { channel, places in
      while !Task.isCancelled {
        await self.sendDue(by: channel, of: places)
        try? await Task.sleep(for: .milliseconds(Self.noticesEveryMs))
      }
    }
  }

  /// Sends what is due, once.
  func sendNotices() async {
    await byEveryWay { channel, places in await self.sendDue(by: channel, of: places) }
  }

  private func byEveryWay(
    _ work: @escaping @Sendable (Notice.Channel, NoticePlaces) async -> Void
  ) async {
    guard let places = configuration.notices else { return }
    await withTaskGroup { group in
      for channel in places.channels { group.addTask { await work(channel, places) } }
    }
  }

  private func sendDue(by channel: Notice.Channel, of places: NoticePlaces) async {
    do { try await send(by: channel, of: places) } catch {
      log.error("Notices by \(channel.rawValue): \(error)")
    }
  }

  private func send(by channel: Notice.Channel, of places: NoticePlaces) async throws {
    guard lease.isHeld else { return }
    let due = try await storage.read { [now = outside.now()] db in
      try DeliveryStore.due(by: channel, at: now, in: db)
    }
    guard !due.isEmpty, let site = configuration.sites.first(where: { $0.name == places.site })
    else { return }
    let way = NoticeWay(places: places, cloud: outside.cloud(site).asCaretaker, files: files)
    for number in due where !Task.isCancelled {
      let taken = try await storage.write { [now = outside.now()] db in
        try DeliveryStore.take(number, at: now, in: db)
      }
      guard let taken else { continue }
      // A task of its own: when the portal stops, what is under way is still answered.
      let outcome = await Task { await way.send(taken) }.value
      try await storage.write { [now = outside.now()] db in
        try DeliveryStore.settle(taken, outcome, at: now, in: db)
      }
    }
  }
}
