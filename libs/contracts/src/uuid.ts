/** An id as we write it: RFC 9562 in small letters, of any version. Whoever gives ids to receipts, events and rows is us. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
