import Foundation
import GRDB
import Rules

/// Entries of the log beside bare rows of the same size, each in a transaction of its own that is
/// on disk when it ends.
enum Appends {
  private static let rounds = 25
  private static let perRound = 300
  /// About what an entry and its link take.
  private static let bareBytes = 300

  /// Appends per second to the log and to a bare table, and the one to the other, each as the
  /// middle of many rounds. The two of a round follow each other within a tenth of a second, so
  /// that a slow minute of the disk meets both.
  static func measure(_ path: String) throws -> (log: Double, bare: Double, ratio: Double) {
    let log = try Log.open(path, isDurable: true)
    let bare = try Log.open(path + ".bare", isDurable: true)
    try bare.write {
      try $0.execute(sql: "CREATE TABLE bare (seq INTEGER PRIMARY KEY, bytes BLOB)")
    }
    let now = Moment(ms: 4_000_000_000_000)
    let bytes = Data(repeating: 0x61, count: bareBytes)
    var rates: (log: [Double], bare: [Double]) = ([], [])
    for round in 0..<rounds {
      rates.log.append(
        try rate { index in
          try log.write { try Log.append(round * perRound + index, at: now, in: $0) }
        })
      rates.bare.append(
        try rate { _ in
          try bare.write { db in
            try db.cachedStatement(sql: "INSERT INTO bare (bytes) VALUES (?)")
              .execute(arguments: [bytes])
          }
        })
    }
    let ratios = zip(rates.log, rates.bare).map(/)
    return (middle(rates.log), middle(rates.bare), middle(ratios))
  }

  private static func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func rate(_ transaction: (Int) throws -> Void) throws -> Double {
    let clock = ContinuousClock()
    let spent = try clock.measure { for index in 0..<perRound { try transaction(index) } }
    return Double(perRound) / (spent / .seconds(1))
  }
}
