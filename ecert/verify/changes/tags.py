"""The structure tree of a tagged document, which gains an element for each new signature (ISO 32000-1, 14.7).

Whoever signs a tagged document tags the widget, as iText does: an element that names nothing but its place in the tree
and the widget. Nothing else in the tree may change, for it is what is read aloud and copied: texts that stand for
others (/Alt, /ActualText, /E), attached files (/AF), what a type of element means (/RoleMap, /ClassMap).
"""

from __future__ import annotations

from ecert.errors import Reason
from ecert.formats.pdf import Ref, StructureFault
from ecert.formats.pdf.objects import PdfDict, PdfValue, same
from ecert.model.limits import MAX_DEPTH
from ecert.verify.changes.update import Update, key_names

_ROOT_GAINS = {"K", "ParentTree", "ParentTreeNextKey"}
_ELEMENT_KEYS = {"Type", "S", "P", "K", "Pg"}
_REFERENCE_KEYS = {"Type", "Obj", "Pg"}
#: what may refer to an element that is written anew: other elements, destinations (/SE, /SD), nodes of number trees
_HOLDERS = {None, "Catalog", "StructElem", "StructTreeRoot", "Action", "Outlines"}


def judge_tags(update: Update) -> set[int]:
    """Compare the structure tree where this revision wrote any of it; return the numbers of objects judged here."""
    ref = update.document.root(update.index - 1).get("StructTreeRoot")
    return _Tags(update, ref.num).judge() if isinstance(ref, Ref) else set()


class _Tags:
    """The structure tree before and after one revision."""

    def __init__(self, update: Update, root: int) -> None:
        self._update, self._root = update, root
        self._judged: set[int] = set()
        self._added: dict[int, None] = {}

    def judge(self) -> set[int]:
        update = self._update
        grown = [num for num in update.revision.objects if update.changed(num) and self._is_element(num)]
        if not grown and not update.changed(self._root):
            return self._judged
        old, new = self._dictionaries(self._root)
        changed = _changed(old, new)
        if changed - _ROOT_GAINS:
            self._forbid(self._root, Reason("changes.tags-changed", keys=key_names(changed - _ROOT_GAINS)))
        self._judged.add(self._root)
        for num in (self._root, *grown):
            self._judge_children(num)
        if not same(old.get("ParentTreeNextKey"), new.get("ParentTreeNextKey")) and (
            type(update.new(new.get("ParentTreeNextKey"))) is not int
        ):
            self._forbid(self._root, Reason("changes.tags-changed", keys="/ParentTreeNextKey"))
        self._judge_parent_tree(old.get("ParentTree"), new.get("ParentTree"))
        return self._judged

    def _dictionaries(self, num: int) -> tuple[PdfDict, PdfDict]:
        document, index = self._update.document, self._update.index
        return document.dictionary(Ref(num), index - 1), document.dictionary(Ref(num), index)

    def _forbid(self, num: int, what: Reason) -> None:
        self._update.forbid(what, number=num)

    # ── elements ─────────────────────────────────────────────────────────────────────────────────

    def _is_element(self, num: int) -> bool:
        """Return whether an object is in the tree, before and after: each above it has it among its children."""
        document = self._update.document
        if num == self._root:
            return False
        for index in (self._update.index - 1, self._update.index):
            below = num
            for _ in range(MAX_DEPTH):
                above = document.dictionary(Ref(below), index).get("P")
                if not isinstance(above, Ref) or below not in self._children(above, index):
                    return False
                below = above.num
                if below == self._root:
                    break
            else:
                return False
        return True

    def _children(self, above: Ref, index: int) -> set[int]:
        kids = self._kids(self._update.document.dictionary(above, index), index)
        return {item.num for item in kids if isinstance(item, Ref)}

    def _judge_children(self, num: int) -> None:
        """An element keeps all it had, in its order, and gains elements of new widgets."""
        update = self._update
        old, new = self._dictionaries(num)
        self._judged.add(num)
        changed = _changed(old, new)
        if num != self._root and changed - {"K"}:
            self._forbid(num, Reason("changes.tags-changed", keys=key_names(changed - {"K"})))
        if not self._is_held_by_tags(num):
            self._forbid(num, Reason("changes.object-replaced-with-other-uses", number=num))
        if isinstance(update.old(old.get("K")), list):
            update.may_replace(old.get("K"), num)
        kept, listed = self._kids(old, update.index - 1), self._kids(new, update.index)
        found = 0
        for item in listed:
            if found < len(kept) and same(item, kept[found]):
                found += 1
            elif not self._is_new_element(item, num):
                break
        else:
            if found == len(kept):
                return
        self._forbid(num, Reason("changes.tags-changed", keys="/K"))

    def _kids(self, element: PdfDict, index: int) -> list[PdfValue]:
        """Return /K as a list: one child may stand there alone, and the list may be an object of its own."""
        value = element.get("K")
        found = self._update.document.resolve(value, index)
        if isinstance(found, list):
            return self._update.history.counted(list(found))
        return [] if value is None else [value]

    def _is_new_element(self, item: PdfValue, above: int) -> bool:
        """Return whether a child is the element of a widget that was signed and added in this revision, once."""
        update = self._update
        if not isinstance(item, Ref) or update.existed(item.num) or item.num in self._added:
            return False
        element = update.document.dictionary(item, update.index)
        if element.get("Type", "StructElem") != "StructElem" or element.get("S") != "Form":
            return False
        if element.keys() - _ELEMENT_KEYS or element.get("P") != Ref(above):
            return False
        listed = _as_list(update.new(element.get("K")))
        reference = update.new(listed[0]) if len(listed) == 1 else None
        if not isinstance(reference, dict) or reference.keys() - _REFERENCE_KEYS or reference.get("Type") != "OBJR":
            return False
        widget = reference.get("Obj")
        page = self._page_of(widget)
        if page is None or any(each.get("Pg", page) != page for each in (element, reference)):
            return False
        self._added[item.num] = None
        update.is_tagged = True
        update.explain(item)
        return True

    def _page_of(self, widget: PdfValue) -> Ref | None:
        """Return the page that shows a widget of a field that this revision added and signed; None: it is none."""
        update = self._update
        if not isinstance(widget, Ref) or update.existed(widget.num):
            return None
        form = update.history.form(update.index)
        signed = {node.num for s in update.signatures for f in s.fields for node in form.family(f.ref.num)}
        shown = update.history.annotated(update.index).get(widget.num, [])
        return shown[0][1] if widget.num in signed and len(shown) == 1 else None

    def _is_held_by_tags(self, num: int) -> bool:
        """Return whether nothing but the tree, its indexes and what jumps to elements refers to one.

        What is an element to the tree could be something else to another holder: /K has a meaning in a stream's
        parameters and in a transparency group too. Those are held by streams and pages.
        """
        uses = self._update.history.uses
        return all(
            self._is_holder(holder) or (self._is_list(holder) and all(map(self._is_holder, uses[holder])))
            for holder in uses[num]
        )

    def _before(self, num: int) -> PdfValue:
        entry = self._update.document.view(self._update.index - 1).get(num)
        return entry.value if entry is not None else None

    def _is_holder(self, num: int) -> bool:
        value = self._before(num)
        return isinstance(value, dict) and value.get("Type") in _HOLDERS

    def _is_list(self, num: int) -> bool:
        return isinstance(self._before(num), list)

    # ── from content to elements ─────────────────────────────────────────────────────────────────

    def _judge_parent_tree(self, before: PdfValue, after: PdfValue) -> None:
        """The number tree keeps its entries and gains those of new elements (14.7.4.4)."""
        update = self._update
        update.explain(after)
        old, new = self._entries(before, update.index - 1), self._entries(after, update.index)
        gained = all(isinstance(v, Ref) and v.num in self._added for key, v in new.items() if key not in old)
        if old.keys() - new.keys() or not gained or not all(self._is_kept(old[key], new[key]) for key in old):
            self._forbid(self._root, Reason("changes.tags-changed", keys="/ParentTree"))

    def _is_kept(self, before: PdfValue, after: PdfValue) -> bool:
        """Return whether an entry says what it said: a page's list may be written again elsewhere."""
        if same(before, after):
            return True
        old, new = self._update.old(before), self._update.new(after)
        return isinstance(old, list) and same(old, new)

    def _entries(self, tree: PdfValue, index: int) -> dict[int, PdfValue]:
        """Return a number tree's entries as of a revision (7.9.7); nodes of before may be written over.

        Raises:
            StructureFault: it is nested beyond the limit, or is no number tree.
        """
        document = self._update.document
        found: dict[int, PdfValue] = {}
        stack = [(tree, self._root, 0)]
        while stack:
            value, holder, depth = stack.pop()
            if depth > MAX_DEPTH:
                raise StructureFault("over-limit", Reason("limits.number-tree-nesting"), limit=MAX_DEPTH)
            own = self._update.may_replace(value, holder) if index < self._update.index else holder
            node = document.dictionary(value, index)
            pairs, kids = (self._listed(node.get(key), index) for key in ("Nums", "Kids"))
            if len(pairs) % 2 or (depth and not node):
                raise StructureFault("structure-unsupported", Reason("changes.parent-tree-unreadable"))
            for key, entry in zip(pairs[::2], pairs[1::2], strict=False):
                if type(key) is not int or key in found:
                    raise StructureFault("structure-unsupported", Reason("changes.parent-tree-unreadable"))
                found[key] = entry
            stack += [(kid, own, depth + 1) for kid in kids]
        return found

    def _listed(self, value: PdfValue, index: int) -> list[PdfValue]:
        found = self._update.document.resolve(value, index)
        if found is not None and not isinstance(found, list):
            raise StructureFault("structure-unsupported", Reason("changes.parent-tree-unreadable"))
        return self._update.history.counted(found or [])


def _as_list(value: PdfValue) -> list[PdfValue]:
    return value if isinstance(value, list) else [value]


def _changed(old: PdfDict, new: PdfDict) -> set[str]:
    return {key for key in old.keys() | new.keys() if not same(old.get(key), new.get(key))}
