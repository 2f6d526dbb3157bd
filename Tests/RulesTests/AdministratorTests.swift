import Rules
import Testing

@Suite struct AdministratorTests {
  private func cleo(
    _ id: Int64 = 3, role: Role = .administrator, isDisabled: Bool = false,
    awaitsPassword: Bool = false
  ) -> Person {
    Person(
      id: id, login: "cleo", name: "Cleo Admin", role: role, isDisabled: isDisabled,
      awaitsPassword: awaitsPassword)
  }

  @Test func `the only administrator who can sign in is the last one`() {
    #expect([Samples.ben, cleo()].haveNoAdministrator(without: 3))
    #expect(![Samples.ben, cleo(), cleo(4)].haveNoAdministrator(without: 3))
    #expect([cleo(), cleo(4, isDisabled: true)].haveNoAdministrator(without: 3))
    #expect([cleo(), cleo(4, awaitsPassword: true)].haveNoAdministrator(without: 3))
  }

  @Test func `nobody else is needed to look after people`() {
    #expect(![Samples.ben, cleo()].haveNoAdministrator(without: 2))
    #expect(![cleo(), cleo(4, isDisabled: true)].haveNoAdministrator(without: 4))
    #expect(![Person]().haveNoAdministrator(without: 1))
  }

  @Test func `who has no password may do nothing, and their approval does not count`() {
    let invited = Person(
      id: 2, login: "ben", name: "Ben", role: .approver, awaitsPassword: true)
    #expect(Permission.allCases.allSatisfy { !invited.may($0) })
    let house = Samples.house(people: [Samples.ana, invited])
    #expect(house.obstacle(to: invited, besides: [Samples.ana]) == .noPassword)
  }

  @Test func `what counts against an approval is said once for everybody it holds for`() {
    let ben = Person(
      id: 2, login: "ben", name: "Ben", role: .approver, ties: [1: Samples.noon])
    let house = Samples.house(people: [Samples.ana, ben, cleo(), cleo(5)])
    let found = house.obstacles(to: ben)
    #expect(found.count == 1)
    #expect(found[0].authors.map(\.id) == [1])
    let disabled = Person(id: 2, login: "ben", name: "Ben", role: .approver, isDisabled: true)
    let all = Samples.house(people: [Samples.ana, disabled, cleo()]).obstacles(to: disabled)
    #expect(all.count == 1 && all[0].why == .disabled && all[0].authors.count == 2)
  }

  @Test func `only administrators look after people`() {
    #expect(Role.holders(of: .lookAfterPeople) == "administrator")
  }
}
