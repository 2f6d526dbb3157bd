/// A page's template, its partials and its parents, in one flat list.
struct Program: Sendable {
  enum Instruction: Sendable {
    /// Copies these bytes of `literals`.
    case literal(Range<Int>)
    /// Prints a field of the data at `depth`: 0 is the page, 1 the row of a list in it, and so on.
    case text(depth: Int, FieldValue.Get<String>)
    case link(depth: Int, FieldValue.Get<String>)
    case html(depth: Int, FieldValue.Get<[UInt8]>)
    /// Goes on when the condition is `expected`, and to `end` otherwise.
    case when(depth: Int, FieldValue.Get<Bool>, expected: Bool, end: Int)
    /// Runs what follows up to `end` for each value, one level deeper, and goes to `end`.
    case each(depth: Int, FieldValue.Visit, end: Int)
  }

  private(set) var literals: [UInt8] = []
  private(set) var code: [Instruction] = []
  /// The code up to here is where some instruction goes to: a literal does not grow across it.
  private var sealedEnd = 0

  mutating func append(literal bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let start = literals.count
    literals += bytes
    if code.count > sealedEnd, case .literal(let previous)? = code.last {
      code[code.count - 1] = .literal(previous.lowerBound..<literals.count)
    } else {
      code.append(.literal(start..<literals.count))
    }
  }

  mutating func append(_ instruction: Instruction) {
    code.append(instruction)
  }

  /// Keeps a place for an instruction that has to know where its body ends.
  mutating func reserveInstruction() -> Int {
    code.append(.literal(0..<0))
    sealedEnd = code.count
    return code.count - 1
  }

  /// Puts the instruction at its place, now that its body has been appended.
  mutating func fill(_ index: Int, _ make: (_ end: Int) -> Instruction) {
    code[index] = make(code.count)
    sealedEnd = code.count
  }
}

/// Runs a program.
struct Renderer {
  private let program: Program
  private var frames: [Frame]
  private(set) var output: [UInt8] = []

  init(_ program: Program, page: Frame, capacity: Int) {
    self.program = program
    frames = [page]
    output.reserveCapacity(capacity)
  }

  mutating func run() {
    run(0, program.code.count)
  }

  private mutating func run(_ start: Int, _ end: Int) {
    var index = start
    while index < end {
      switch program.code[index] {
      case .literal(let range):
        program.literals.withUnsafeBufferPointer {
          output.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
        }
      case .text(let depth, let get):
        output.append(escaping: get(frames[depth]))
      case .link(let depth, let get):
        let link = get(frames[depth])
        output.append(escaping: Address.isSafe(link) ? link : "#")
      case .html(let depth, let get):
        output.append(contentsOf: get(frames[depth]))
      case .when(let depth, let get, let expected, let sectionEnd):
        if get(frames[depth]) != expected {
          index = sectionEnd
          continue
        }
      case .each(let depth, let visit, let sectionEnd):
        visit(frames[depth]) { value in
          frames.append(value)
          run(index + 1, sectionEnd)
          frames.removeLast()
        }
        index = sectionEnd
        continue
      }
      index += 1
    }
  }
}
