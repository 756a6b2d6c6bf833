"""What a later revision may change after a signature (ISO 32000-1, 12.8.2; design rules of ecert-1).

Each revision is compared with the state before it, object by object:

* the catalogue, key by key: only /DSS, /Extensions, /AcroForm's fields, and /Perms in the signer's revision;
* Info and XMP: only producer and dates;
* pages: only /Annots, gaining widgets of fields that are permitted;
* fields: an empty signature field may be signed, a time-stamp field may be added;
  under policy ``signatures`` also form filling, as far as DocMDP and FieldMDP permit it, and what
  readers show of it is proven;
* after the last signature of a copy only validation data.

New objects must be reached from a permitted change; a signed field's dictionary never changes. An
object that may be written over must have no other use in the state before; an object that was
missing, though something refers to it, must stay missing.

* :mod:`~ecert.verify.changes.judging`: the way through.
* :mod:`~ecert.verify.changes.catalog`, :mod:`~ecert.verify.changes.form`, :mod:`~ecert.verify.changes.pages`:
  what is compared.
* :mod:`~ecert.verify.changes.form_resources`: what the form lends to its fields;
  :mod:`~ecert.verify.changes.tags`: the structure tree.
* :mod:`~ecert.verify.changes.filling`: a field that was filled in, whole; its widgets are judged in
  :mod:`~ecert.verify.changes.filled_texts` and :mod:`~ecert.verify.changes.filled_buttons`, their pictures read in
  :mod:`~ecert.verify.changes.field_pictures` with :mod:`~ecert.verify.changes.field_text`,
  :mod:`~ecert.verify.changes.field_fonts` and :mod:`~ecert.verify.changes.text_fit`, on both
  :mod:`~ecert.verify.changes.sides` of the form (:mod:`~ecert.verify.changes.form_state`).
* :mod:`~ecert.verify.changes.placement`: where later signers placed their fields; :mod:`~ecert.verify.changes.boxes`:
  rectangles.
* :mod:`~ecert.verify.changes.rules`: what signatures permit; :mod:`~ecert.verify.changes.history`: the states
  compared; :mod:`~ecert.verify.changes.update`: one revision under comparison.
* :mod:`~ecert.verify.changes.looks`: what each page of a copy shows, when.
* :mod:`~ecert.verify.changes.proof`: the two ways in which the look of a field cannot be told.
"""

from ecert.verify.changes.judging import check_changes

__all__ = ["check_changes"]
