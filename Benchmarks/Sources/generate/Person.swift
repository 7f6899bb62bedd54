/// One invented person, as indices into the ``Vocabulary``: the same for the same seed, index and night.
struct Person {
    let index: Int
    /// 64 random bits that stay with the person.
    let identity: UInt64
    let givenName: Int
    var surname: Int
    var title: Int
    var department: Int
    let company: Int
    let place: Int
    let street: Int
    let houseNumber: Int
    var mobile: Int
    /// Half of the people have no desk.
    let phone: Int?
    /// A tenth of the people have an address of two lines.
    let suite: Int?
}

/// What happens to a person between the first night and the second.
enum Fate: Equatable {
    case stays
    case leaves
    case changes(Change)

    enum Change: Int, CaseIterable {
        case title, department, mobile, surname
    }
}

/// Everybody of both nights. People `0 ..< people` are there on the first; in each block of 200 one leaves and one
/// changes, so that the counts are known without counting; on the second night `newcomers` follow.
struct Population {
    static let blockSize = 200
    let people: Int
    let seed: UInt64
    let vocabulary = Vocabulary()

    /// A little fewer than leave: the second night's count must not be a vendor's page size, which would make the
    /// export one that may be cut (exactly 1,000 records is what a first page looks like).
    var newcomers: Int { leavers - leavers / 80 - 1 }
    var leavers: Int { people / Self.blockSize }
    var changers: Int { people / Self.blockSize }

    func fate(_ index: Int) -> Fate {
        guard index < people else { return .stays }
        let (block, position) = index.quotientAndRemainder(dividingBy: Self.blockSize)
        let roll = random(block, salt: 0xB10C)
        let leaver = Int(roll % UInt64(Self.blockSize))
        let changer = (leaver + 1 + Int((roll >> 32) % UInt64(Self.blockSize - 1))) % Self.blockSize
        if position == leaver { return .leaves }
        if position != changer { return .stays }
        // Jobs change most often; a name, and with it the address and the login, seldom.
        switch (roll >> 16) % 20 {
        case 0..<12: return .changes(.title)
        case 12..<16: return .changes(.department)
        case 16..<19: return .changes(.mobile)
        default: return .changes(.surname)
        }
    }

    func person(_ index: Int, night: Int) -> Person {
        let a = random(index, salt: 1)
        let b = random(index, salt: 2)
        func pick(_ bits: UInt64, _ count: Int) -> Int { Int(((bits & 0xFFFF) * UInt64(count)) >> 16) }
        var person = Person(
            index: index, identity: random(index, salt: 3),
            givenName: pick(a, vocabulary.givenNames.count),
            surname: pick(a >> 16, vocabulary.surnames.count),
            title: pick(a >> 32, vocabulary.titles.count),
            department: pick(a >> 48, vocabulary.departments.count),
            company: pick(b, vocabulary.companies.count),
            place: pick(b >> 16, vocabulary.places.count),
            street: pick(b >> 32, vocabulary.streets.count),
            houseNumber: 1 + Int(b >> 48) % 240,
            mobile: Int(random(index, salt: 4) % 10_000_000),
            phone: index % 2 == 0 ? Int(random(index, salt: 5) % 10_000_000) : nil,
            suite: index % 10 == 3 ? 100 + Int(a >> 20 & 0xFF) : nil)
        if night == 2, case .changes(let change) = fate(index) {
            switch change {
            case .title: person.title = other(than: person.title, of: vocabulary.titles.count, index)
            case .department:
                person.department = other(than: person.department, of: vocabulary.departments.count, index)
            case .mobile: person.mobile = other(than: person.mobile, of: 10_000_000, index)
            case .surname: person.surname = other(than: person.surname, of: vocabulary.surnames.count, index)
            }
        }
        return person
    }

    /// Calls `body` for everybody of a night. The second comes in another order: nothing may rest on two exports
    /// agreeing about it.
    func forEach(night: Int, _ body: (Person) -> Void) {
        guard night == 2 else {
            for index in 0..<people { body(person(index, night: 1)) }
            return
        }
        let total = people + newcomers
        let step = coprimeStep(of: total)
        var index = Int(seed % UInt64(total))
        for _ in 0..<total {
            if fate(index) != .leaves { body(person(index, night: 2)) }
            index = (index + step) % total
        }
    }

    func count(night: Int) -> Int { night == 1 ? people : people - leavers + newcomers }

    func count(of change: Fate.Change) -> Int {
        (0..<people).count(where: { fate($0) == .changes(change) })
    }

    func random(_ index: Int, salt: UInt64) -> UInt64 {
        mix(mix(seed &+ salt &* 0x9E37_79B9_7F4A_7C15) &+ UInt64(index))
    }

    private func other(than value: Int, of count: Int, _ index: Int) -> Int {
        (value + 1 + Int(random(index, salt: 6) % UInt64(count - 1))) % count
    }

    private func coprimeStep(of total: Int) -> Int {
        var step = total / 3 + 7
        while gcd(step, total) != 1 { step += 1 }
        return step
    }

    private func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}

/// SplitMix64's finaliser: every bit of the answer depends on every bit of the question.
private func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
}
