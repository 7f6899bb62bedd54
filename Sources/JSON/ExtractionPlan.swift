/// The wanted paths as a tree over member names, flattened so that the walk only follows indexes.
///
/// Every value that is wanted has *targets*: places in one array of slots. Values under an array's selector go to a
/// place of their own first (the slot's index plus the number of slots), since the member that decides whether the
/// element is the one may stand after them; they move when the element ends.
struct ExtractionPlan {
    struct Node {
        /// Where the value itself goes.
        var targets: [Int32] = []
        /// Everything below, which `null` in this place makes null too.
        var below: [Int32] = []
        /// Selectors that this value decides: the element is theirs when the lexeme is equal.
        var conditions: [Condition] = []
        var array: ArrayPlan?
        var children: [MemberName: Int32] = [:]
    }

    struct Condition {
        /// Position among the selectors of the array around.
        var selector: Int
        var value: [UInt8]
    }

    struct ArrayPlan {
        /// What is wanted of an element, for all selectors together.
        var element: Int32
        var selectors: [SelectorPlan] = []
    }

    struct SelectorPlan {
        var selector: JSONMemberPath.Selector
        /// The slots that an element which is the one fills.
        var slots: [Int32] = []
    }

    private(set) var nodes: [Node] = [Node()]
    let slotCount: Int

    init(_ paths: [JSONMemberPath]) {
        slotCount = paths.count
        for (slot, path) in paths.enumerated() { add(path, Int32(slot)) }
    }

    private mutating func add(_ path: JSONMemberPath, _ slot: Int32) {
        var node: Int32 = 0
        for name in path.members {
            if node != 0 { nodes[Int(node)].below.append(slot) }
            node = child(of: node, named: name)
        }
        guard let selector = path.selector else {
            nodes[Int(node)].targets.append(slot)
            return
        }
        nodes[Int(node)].below.append(slot)
        // A plain value where a list was expected is a list of one.
        if selector == .all && path.after.isEmpty { nodes[Int(node)].targets.append(slot) }
        var array = nodes[Int(node)].array ?? ArrayPlan(element: appendNode())
        var position = array.selectors.firstIndex { $0.selector == selector } ?? -1
        if position < 0 {
            position = array.selectors.count
            array.selectors.append(SelectorPlan(selector: selector))
            if case .matching(let member, let value) = selector {
                let decider = child(of: array.element, named: member)
                nodes[Int(decider)].conditions.append(Condition(selector: position, value: Array(value.utf8)))
            }
        }
        array.selectors[position].slots.append(slot)
        nodes[Int(node)].array = array
        var inner = array.element
        let target = slot + Int32(slotCount)
        for name in path.after {
            nodes[Int(inner)].below.append(target)
            inner = child(of: inner, named: name)
        }
        nodes[Int(inner)].targets.append(target)
    }

    private mutating func child(of node: Int32, named name: String) -> Int32 {
        if let child = nodes[Int(node)].children[MemberName(name)] { return child }
        let child = appendNode()
        nodes[Int(node)].children[MemberName(name)] = child
        return child
    }

    private mutating func appendNode() -> Int32 {
        nodes.append(Node())
        return Int32(nodes.count - 1)
    }
}
