/// A page's template, its partials and its parents, in one flat list.
struct Program: Sendable {
  /// What is done after these bytes of `literals` have been copied.
  struct Instruction: Sendable {
    let literal: Range<Int>
    var action: Action
  }

  enum Action: Sendable {
    case nothing
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
  /// From here on literals belong to no instruction yet.
  private var literalStart = 0

  mutating func append(literal bytes: [UInt8]) {
    literals += bytes
  }

  mutating func append(_ action: Action) {
    code.append(Instruction(literal: literalStart..<literals.count, action: action))
    literalStart = literals.count
  }

  /// Keeps a place for an instruction that has to know where its body ends.
  mutating func reserveInstruction() -> Int {
    append(.nothing)
    return code.count - 1
  }

  /// Puts the action at its place, now that its body has been appended.
  mutating func fill(_ index: Int, _ make: (_ end: Int) -> Action) {
    flush()
    code[index].action = make(code.count)
  }

  /// Sees to it that everything appended so far belongs to an instruction.
  mutating func flush() {
    if literalStart < literals.count { append(.nothing) }
  }
}

/// Runs a program.
struct Renderer {
  private let program: Program
  private var frames: [Frame]
  private(set) var output: Output

  init(_ program: Program, page: Frame, output: Output) {
    self.program = program
    frames = [page]
    self.output = output
  }

  mutating func run() {
    run(0, program.code.count)
  }

  private mutating func run(_ start: Int, _ end: Int) {
    var index = start
    while index < end {
      let range = program.code[index].literal
      program.literals.withUnsafeBufferPointer {
        output.append(UnsafeBufferPointer(rebasing: $0[range]))
      }
      index += 1
      switch program.code[index - 1].action {
      case .nothing:
        break
      case .text(let depth, let get):
        output.append(escaping: get(frames[depth]))
      case .link(let depth, let get):
        let link = get(frames[depth])
        output.append(escaping: Address.isSafe(link) ? link : "#")
      case .html(let depth, let get):
        get(frames[depth]).withUnsafeBufferPointer { output.append($0) }
      case .when(let depth, let get, let expected, let sectionEnd):
        if get(frames[depth]) != expected { index = sectionEnd }
      case .each(let depth, let visit, let sectionEnd):
        visit(frames[depth]) { value in
          frames.append(value)
          run(index, sectionEnd)
          frames.removeLast()
        }
        index = sectionEnd
      }
    }
  }
}
