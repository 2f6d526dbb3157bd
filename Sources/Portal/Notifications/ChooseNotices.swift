import HTTP
import HTTPTypes
import Rules

extension Portal {
  /// What one is told and how, and what became of the notices of late.
  func listNotices(_ visit: Visit) async throws -> Response {
    try await notifications(visit)
  }

  /// Keeps what a person chose to be told, and where they get mail.
  func chooseNotices(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let typed = visit.field("address")
    let address = MailAddress(typed)
    let channels = configuration.notices?.channels ?? []
    let chosen = Notice.Kind.chosen.reduce(into: [:]) { chosen, kind in
      chosen[kind] = channels.filter {
        visit.field(NotificationsPage.field(kind, $0)) == "yes"
      }
    }
    guard typed.isEmpty || address != nil else {
      return try await notifications(
        problems: [
          Mistake(
            "“\(typed)” is no address for mail. Nothing was changed: write it as "
              + "name@example.com, or leave it empty.", at: "address")
        ], choosing: chosen, visit)
    }
    try await storage.write { [now = visit.now] db in
      // Where no mail goes out the page does not ask for an address, and keeps what it has.
      let kept = try NoticeChoices.address(of: person, in: db).flatMap(MailAddress.init)
      try NoticeChoices.choose(
        chosen, of: channels, address: channels.contains(.mail) ? address : kept, by: person,
        at: now, in: db)
    }
    return .seeOther("/notifications", saying: .noticesChosen)
  }

  /// Sends a notice to whoever asks for it, by every way there is.
  func testNotices(_ visit: Visit) async throws -> Response {
    let person = try visit.person
    let isSent = try await storage.write { [now = visit.now] db in
      let number = try NoticeStore.add(.test(at: now), for: [person], at: now, in: db)
      guard let number, try DeliveryStore.count(of: number, in: db) > 0 else { return false }
      try AuditLog.append(
        .noticesTested(notice: number), by: .person(person), at: now, in: db)
      return true
    }
    guard isSent else {
      return try await notifications(
        problems: [
          Mistake(
            "There is nowhere to send a test to. Give your address for mail first, or have another "
              + "way configured.")
        ], visit)
    }
    return .seeOther("/notifications", saying: .noticesTested)
  }

  /// Sends a notice once more, now: one that failed, waits, or may have been lost.
  func retryDelivery(_ visit: Visit) async throws -> Response {
    let (person, number) = (try visit.person, try visit.number("number"))
    let isRetried = try await storage.write { [now = visit.now] db in
      guard let notice = try DeliveryStore.retry(number, at: now, in: db) else { return false }
      try AuditLog.append(.noticeRetried(notice: notice), by: .person(person), at: now, in: db)
      return true
    }
    guard isRetried else {
      return try await notifications(
        problems: [
          Mistake(
            "That notice has been sent, is being sent, or is no longer kept. Nothing was changed.")
        ],
        visit)
    }
    return .seeOther("/notifications", saying: .noticeRetried)
  }

  private func notifications(
    problems: [Mistake] = [], choosing typed: [Notice.Kind: Set<Notice.Channel>]? = nil,
    _ visit: Visit
  ) async throws -> Response {
    let person = try visit.person
    let places = configuration.notices
    let (chosen, address, recent) = try await storage.read { [now = visit.now] db in
      (
        try NoticeChoices.chosen(by: person, in: db),
        try NoticeChoices.address(of: person, in: db) ?? "", try RecentDelivery.all(at: now, in: db)
      )
    }
    return page(
      NotificationsPage(
        places: places, chosen: typed ?? chosen,
        address: typed == nil ? address : visit.form["address"] ?? address, recent: recent,
        problems: problems, mayTest: person.may(.run), now: visit.now),
      for: visit)
  }
}
