import Foundation
import HTTP
import HTTPTypes
import Logging
import Rules

/// The shapes of answer that handlers give.
extension Portal {
  /// A page for a visit. One with mistakes is the answer to a form that was not taken.
  func page<Content: Page>(
    _ content: Content, for visit: Visit, status: HTTPResponse.Status = .ok
  ) -> Response {
    html(
      content, for: visit, id: visit.id,
      status: content.problems.isEmpty || status != .ok ? status : .unprocessableContent)
  }

  /// A page, also where no visit came about.
  func html<Content: Page>(
    _ content: Content, for visit: Visit?, id: String, status: HTTPResponse.Status
  ) -> Response {
    let headers: HTTPFields = [
      .contentType: Response.pageType, .cacheControl: "no-store",
    ]
    do {
      var body = try pages.render(content, in: frame(of: content, for: visit, id: id))
      if !content.problems.isEmpty, let visit {
        body = Marking.page(body, with: content.problems, sentTo: visit.request.path)
      }
      return Response(status: status, headers: headers, body: body)
    } catch {
      log.error("\(error)", metadata: ["id": "\(id)"])
      return Response(
        status: .internalServerError, headers: [.contentType: "text/plain; charset=utf-8"],
        body: Array("This page could not be drawn. Reference \(id).\n".utf8))
    }
  }

  private func frame<Content: Page>(of content: Content, for visit: Visit?, id: String) -> Frame {
    let caller = visit?.caller
    let around = visit?.surroundings ?? Surroundings()
    let message = visit?.form["said"].flatMap(Message.init)
    // A page that has followed a run to its end follows nothing any more.
    let isStale = message == .running && content.following == nil
    return Frame(
      title: (content.problems.isEmpty ? "" : "Error: ") + content.title,
      siteName: configuration.sites[0].name, isDemo: configuration.isDemo,
      person: caller.map {
        Frame.PersonLine(
          name: $0.person.name, role: $0.person.role.rawValue, formToken: $0.formToken,
          factors: $0.factors, signsInElsewhere: $0.signsInElsewhere,
          ownTheme: $0.choices.theme == .system ? nil : $0.choices.theme,
          hasShortcuts: $0.choices.hasShortcuts)
      },
      navigation: caller.map { navigation(for: $0.person, at: Content.section, around) } ?? [],
      unknown: caller == nil
        ? [] : around.unknown.map { .init(href: "/changes/\($0)", name: "CR-\($0)") },
      emergencies: caller == nil ? [] : around.emergencies.map(Sentence.init),
      notices: caller == nil ? [] : around.notices.map(Sentence.init),
      message: isStale ? "" : message?.sentence ?? "",
      following: content.following ?? "",
      // Strangers need not know which mistakes were mended.
      version: caller == nil ? "" : Self.version,
      age: around.polledAt.map { When.relative(ms: outside.now().since($0)) } ?? "",
      log: around.log,
      reference: id, printed: visit.map(printed) ?? "",
      hasPasskeys: visit.map { relyingParty($0) != nil } ?? false,
      passkeyOffer: { [self] in
        guard let visit else { return "" }
        let offer = try? PasskeyOffer(
          to: visit.caller?.person.id, key: sealKey, at: visit.now, outside)
        return offer?.text ?? ""
      })
  }

  private func navigation(
    for person: Person, at section: Section?, _ around: Surroundings
  ) -> [Frame.NavigationLine] {
    Section.allCases.filter { $0 != .audit || person.may(.readAudit) }.map { entry in
      if entry == .audit, let review = around.review {
        return review.navigation(isCurrent: entry == section, at: outside.now())
      }
      if entry == .todos { return around.todos.navigation(isCurrent: entry == section) }
      return Frame.NavigationLine(
        href: entry.path, label: entry.rawValue,
        count: entry == .changes && around.waiting > 0 ? String(around.waiting) : "",
        key: entry.key, isCurrent: entry == section)
    }
  }

  /// Where a page is, who looks at it and when.
  private func printed(_ visit: Visit) -> String {
    guard let caller = visit.caller else { return "" }
    let now = visit.now.words(caller.choices.zone.offset(at: visit.now))
    // Somebody may have pasted a secret into an address.
    let isPlain = visit.form.fields.allSatisfy { SecretScan.find(in: $0.1) == nil }
    let target = isPlain ? visit.request.target : visit.request.path
    let address = ownAddress(visit) + SecretScan.redacted(target)
    return "\(address), as \(caller.person.name) saw it on \(now)"
  }
}

extension Response {
  /// A file to be kept, never to be shown by the browser.
  static func attachment(_ body: [UInt8], type: String, named name: String) -> Response {
    let safe = name.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) ? $0 : "-"
    }
    return Response(
      headers: [
        .contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        .contentDisposition: "attachment; filename=\"\(String(safe))\"",
      ], body: body)
  }

  /// Sends on to a page of ours after an act, so that reloading repeats nothing.
  static func seeOther(_ path: String, saying message: Message? = nil) -> Response {
    let mark = path.contains("?") ? "&" : "?"
    return Response(
      status: .seeOther,
      headers: [
        .location: path + (message.map { "\(mark)said=" + $0.rawValue } ?? ""),
        .cacheControl: "no-store",
      ])
  }
}

/// Text for the value of a query: everything but unreserved characters is percent-encoded
/// (RFC 3986 §2.3).
func percentEncoded(_ text: String) -> String {
  if text.utf8.allSatisfy(isUnreserved) { return text }
  let digits = Array("0123456789ABCDEF".utf8)
  var bytes: [UInt8] = []
  for byte in text.utf8 {
    if isUnreserved(byte) {
      bytes.append(byte)
    } else {
      bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

private func isUnreserved(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
    UInt8(ascii: "_"), UInt8(ascii: "~"):
    true
  default: false
  }
}

/// Fields as a query, in the order of their names.
func query(_ fields: [String: String]) -> String {
  fields.sorted { $0.key < $1.key }.map { "\($0)=" + percentEncoded($1) }
    .joined(separator: "&")
}
