import Rules
import Testing

/// Several portals on one object, with answers that are lost or late, portals that stand still for
/// a while, that end, and that are started again, and an object that somebody removes: at no moment
/// do two of them act.
@Suite struct LeaseModelTests {
  /// A generator whose runs can be repeated.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15
    }
    mutating func roll(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &self) == 0 }
    mutating func upTo(_ ms: Int64) -> Int64 { Int64.random(in: 0...ms, using: &self) }
  }

  /// A write on its way to S3, and its answer on its way back.
  private struct Flight {
    let portal: Int
    let write: Lease.Write?
    let landsAtMs: Int64
    var answersAtMs: Int64?
    var result: Answer?
  }

  private enum Answer {
    case found(Lease.Seen?)
    case wrote(String)
    case overtaken
  }

  private struct Portal {
    var lease: Lease
    /// What its own clock is ahead of the true time.
    let leadMs: Int64
    var nextMs: Int64
    var stillUntilMs: Int64 = 0
    var isWaiting = false
    /// Its calls are given up then.
    var givesUpMs: Int64 = 0
  }

  private struct World {
    var dice: Dice
    var nowMs: Int64 = 0
    var object: Lease.Seen?
    var count = 0
    var portals: [Portal] = []
    var flights: [Flight] = []
    var takings = 0
    var lastActor: String?
    /// Whether all wait equally long: only then may somebody remove the object.
    let isEven: Bool

    init(seed: UInt64, portals count: Int) {
      dice = Dice(state: seed)
      isEven = seed % 2 == 0
      for index in 0..<count { portals.append(started(index)) }
    }

    mutating func started(_ index: Int) -> Portal {
      count += 1
      let times = LeaseTimes(waitMs: isEven ? 60_000 : [6_000, 60_000, 20_000][index % 3])
      return Portal(
        lease: Lease(holder: "p\(count)", host: "h\(index)", process: 1, times: times),
        leadMs: dice.upTo(1_000_000), nextMs: nowMs + dice.upTo(10_000))
    }

    /// Whoever acts now, by their own clocks. One that stands still does nothing, but believes it.
    var actors: [String] {
      portals.filter { $0.lease.acts(at: nowMs + $0.leadMs) }.map(\.lease.holder)
    }

    mutating func step() {
      nowMs += dice.upTo(400)
      land()
      answer()
      for index in portals.indices { live(index) }
      if isEven, dice.roll(4_000) { object = nil }
    }

    /// What has come to S3 is done there, whether or not anybody still waits for its answer.
    mutating func land() {
      for index in flights.indices
      where flights[index].result == nil && flights[index].landsAtMs <= nowMs {
        guard let write = flights[index].write else {
          flights[index].result = .found(object)
          continue
        }
        guard write.replacing == object?.etag else {
          flights[index].result = .overtaken
          continue
        }
        count += 1
        object = Lease.Seen(etag: "e\(count)", record: write.record)
        flights[index].result = .wrote("e\(count)")
      }
    }

    mutating func answer() {
      for flight in flights {
        guard let result = flight.result, let at = flight.answersAtMs, at <= nowMs,
          portals[flight.portal].isWaiting, portals[flight.portal].stillUntilMs <= nowMs
        else { continue }
        let ownMs = nowMs + portals[flight.portal].leadMs
        portals[flight.portal].isWaiting = false
        switch (result, flight.write) {
        case (.found(let seen), _): portals[flight.portal].lease.see(seen, at: ownMs)
        case (.wrote(let etag), let write?):
          portals[flight.portal].lease.wrote(write, etag: etag, at: ownMs)
        default: portals[flight.portal].lease.wasOvertaken()
        }
      }
      let nowMs = nowMs
      flights.removeAll { $0.result != nil && ($0.answersAtMs.map { $0 <= nowMs } ?? true) }
    }

    mutating func live(_ index: Int) {
      guard portals[index].stillUntilMs <= nowMs else { return }
      if dice.roll(2_000) { portals[index].stillUntilMs = nowMs + dice.upTo(200_000) }
      if dice.roll(3_000) {
        return startAgain(index)
      }
      if portals[index].isWaiting, portals[index].givesUpMs <= nowMs { giveUp(index) }
      guard !portals[index].isWaiting, portals[index].nextMs <= nowMs else { return }
      call(index)
    }

    /// Nobody waits for its answers any more; its calls may still be on their way.
    mutating func giveUp(_ index: Int) {
      portals[index].isWaiting = false
      for flight in flights.indices where flights[flight].portal == index {
        flights[flight].answersAtMs = nil
      }
    }

    mutating func startAgain(_ index: Int) {
      giveUp(index)
      portals[index] = started(index)
    }

    mutating func call(_ index: Int) {
      let ownMs = nowMs + portals[index].leadMs
      let isReading = portals[index].lease.mustRead || !portals[index].lease.isNamed && dice.roll(2)
      let write: Lease.Write?
      if isReading {
        write = nil
      } else if dice.roll(200) {
        write = portals[index].lease.release(entries: nil, at: ownMs)
      } else {
        write = portals[index].lease.write(at: ownMs)
      }
      portals[index].nextMs = nowMs + (dice.roll(3) ? 2_000 : 10_000)
      guard isReading || write != nil else { return }
      portals[index].isWaiting = true
      portals[index].givesUpMs = nowMs + 5_000
      let landsMs = nowMs + (dice.roll(6) ? dice.upTo(90_000) : dice.upTo(800))
      let answersMs = dice.roll(6) ? nil : landsMs + dice.upTo(800)
      // One in twelve never arrives.
      if !dice.roll(12) {
        flights.append(
          Flight(portal: index, write: write, landsAtMs: landsMs, answersAtMs: answersMs))
      }
      if write?.record.isReleased == true { startAgain(index) }
    }
  }

  @Test(arguments: [2, 3])
  func `two portals never act at the same moment, whatever is lost, late or stopped`(
    count: Int
  ) {
    var takings = 0
    for seed in 1...120 {
      var world = World(seed: UInt64(seed), portals: count)
      for _ in 0..<4_000 {
        world.step()
        let actors = world.actors
        if actors.count > 1 {
          Issue.record("seed \(seed), \(world.nowMs) ms: \(actors)")
          return
        }
        if let actor = actors.first, actor != world.lastActor {
          world.takings += 1
          world.lastActor = actor
        }
      }
      takings += world.takings
    }
    // A model in which nobody ever holds it would show nothing.
    #expect(takings > 200)
  }
}
