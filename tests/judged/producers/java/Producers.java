import java.util.Map;

/**
 * The Java programs that make and sign PDF files, all in one virtual machine.
 *
 * <p>Request: program, "create", kind, file to write; or program, "sign", file to read, file to write,
 * PKCS#12 file, its pass phrase, field name, rectangle ("llx lly urx ury", nothing where it is not to be
 * seen, "prepared" where the field is there), permission of the certification ("0" where it does not certify), address of a time-stamp service and
 * file of the anchor (both nothing where the signature need not last). Answer: sha256 of what was written.
 */
public final class Producers {
    private static final Map<String, Program> PROGRAMS =
            Map.of(
                    "pdfbox", new PdfBoxProgram(),
                    "dss", new DssProgram(),
                    "itext", new ITextProgram(),
                    "itext5", new IText5Program(),
                    "openpdf", new OpenPdfProgram());

    private Producers() {}

    public static void main(String[] args) throws Exception {
        java.security.Security.addProvider(new org.bouncycastle.jce.provider.BouncyCastleProvider());
        Judge.serve(Producers::work);
    }

    private static Map<String, Object> work(String[] words) throws Exception {
        Program program = PROGRAMS.get(words[0]);
        java.nio.file.Path out = java.nio.file.Path.of(words[3]);
        if (words[1].equals("create")) {
            program.create(words[2], out);
        } else {
            program.sign(Order.of(words), out);
        }
        return Map.of("sha256", Reply.sha256(out));
    }
}
