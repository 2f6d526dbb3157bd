import AWS
import Foundation
import GRDB
import HTTP
import Rules

/// What is told of the portal's own work.
extension Portal {
  /// All metrics, read now.
  /// - Parameter load: what there is to do on the portal's port.
  func metrics(load: Server.Load) async throws -> String {
    var text = Exposition()
    let now = outside.now()
    text.add(
      "caretaker_info", .gauge, "The version that runs.", [(["version": Self.version], 1)])
    text.add(
      "caretaker_start_time_seconds", .gauge, "When it was started, since 1970.",
      Double(boot.startedAt.ms) / 1_000)
    addRequests(to: &text, load: load)
    addQueues(to: &text)
    addCalls(to: &text)
    try await addDatabase(to: &text, at: now)
    if let memory = ProcessStatus.now {
      text.add(
        "process_resident_memory_bytes", .gauge, "Memory of the process.",
        Double(memory.residentBytes))
      text.add("process_open_fds", .gauge, "Open descriptors.", Double(memory.descriptors))
    }
    if let space = outside.space(configuration.dataFolder) {
      text.add(
        "caretaker_disk_free_bytes", .gauge, "Room on the disk of the data folder.",
        Double(space.freeBytes))
    }
    return text.text
  }

  private func addRequests(to text: inout Exposition, load: Server.Load) {
    text.add(
      "caretaker_http_requests_total", .counter, "Requests that handlers answered.",
      tally.requests.map { key, count in
        (["route": key.route, "status": "\(key.statusClass)xx"], Double(count))
      })
    text.add(
      "caretaker_http_files_total", .counter, "Files and signs of life, answered on event loops.",
      Double(tally.fileCount))
    text.add(
      "caretaker_http_refused_total", .counter, "Requests that reached no handler.",
      tally.refusals.map { (["status": "\($0)"], Double($1)) })
    text.add(
      "caretaker_http_request_duration_seconds", "How long handlers took.", tally.times)
    text.add(
      "caretaker_http_connections", .gauge, "Connections on the portal's port.",
      Double(load.connections))
    text.add(
      "caretaker_http_loop_late_seconds_total", .counter,
      "For how long an event loop has not come to what was due.",
      load.loopsLateMs.enumerated().map { (["loop": "\($0)"], Double($1) / 1_000) })
  }

  private func addQueues(to text: inout Exposition) {
    let waiting = [
      "storage": storage.waiting, "passwords": passwords.waiting, "files": files.waitingCount,
      "themes": themeLibrary.waiting,
    ]
    text.add(
      "caretaker_pool_waiting", .gauge, "Jobs that wait for a thread.",
      waiting.map { (["pool": $0], Double($1)) })
  }

  private func addCalls(to text: inout Exposition) {
    text.add(
      "caretaker_aws_calls_total", .counter, "Attempts at calls of AWS.",
      configuration.sites.flatMap { site in
        outside.cloud(site).calls.map { call, count in
          (
            [
              "site": site.name, "service": call.service, "outcome": call.outcome.rawValue,
            ], Double(count)
          )
        }
      })
  }

  private func addDatabase(to text: inout Exposition, at now: Moment) async throws {
    let sites = configuration.sites.map(\.name)
    let read = try await storage.read { [configuration] db in
      (
        changes: try Row.fetchAll(
          db, sql: "SELECT state, count(*) FROM changes GROUP BY state"
        ).map { ($0[0] as String, $0[1] as Int) },
        entries: try AuditStore.head(in: db).count,
        anchored: try AnchorStore.anchoredThrough(in: db),
        streamed: try configuration.stream.map {
          try EntryStreamStore.standing(of: $0, in: db)?.through ?? 0
        },
        polled: try sites.map { ($0, try ObservationStore.newest(site: $0, in: db)) },
        backup: try OwnBackupStore.lastMade(in: db)?.at
      )
    }
    text.add(
      "caretaker_changes", .gauge, "Changes by their state.",
      read.changes.map { (["state": $0.0], Double($0.1)) })
    text.add(
      "caretaker_audit_entries", .gauge, "Number of the log's last entry.", Double(read.entries))
    text.add(
      "caretaker_audit_anchored_entries", .gauge, "Number of the last entry that is anchored.",
      configuration.anchor == nil ? nil : Double(read.anchored))
    text.add(
      "caretaker_audit_streamed_entries", .gauge,
      "Number of the last entry that is where engines read it.", read.streamed.map(Double.init))
    text.add(
      "caretaker_poll_age_seconds", .gauge, "Since a site was last read.",
      read.polled.compactMap { site, at in
        at.map { (["site": site], Double(now.since($0)) / 1_000) }
      })
    text.add(
      "caretaker_backup_age_seconds", .gauge, "Since the portal itself was last backed up.",
      read.backup.map { Double(now.since($0)) / 1_000 })
    var lagMs: Int64?
    switch replica?.standing(at: now) {
    case .inStep(let ms)?, .behind(let ms)?: lagMs = ms
    case .unknown?, nil: break
    }
    text.add(
      "caretaker_replica_lag_seconds", .gauge,
      "How long what was written has waited for the continuous copy.",
      lagMs.map { Double($0) / 1_000 })
    text.add(
      "caretaker_lease_held", .gauge, "Whether this portal may act under its lease.",
      configuration.lease == nil ? nil : lease.isHeld ? 1 : 0)
    text.add(
      "caretaker_lease_age_seconds", .gauge, "Since the lease was last renewed.",
      lease.ageMs.map { Double($0) / 1_000 })
    text.add(
      "caretaker_database_writes_total", .counter, "Transactions that wrote.",
      Double(storage.writes))
  }
}

/// What the kernel says of this process (proc(5)); nil where it says nothing.
struct ProcessStatus {
  let residentBytes: Int
  let descriptors: Int

  static var now: ProcessStatus? {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
      let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    else { return nil }
    return ProcessStatus(
      residentBytes: pages * Int(sysconf(Int32(_SC_PAGESIZE))), descriptors: open.count)
  }
}
