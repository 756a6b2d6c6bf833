import com.lowagie.text.Document;
import com.lowagie.text.PageSize;
import com.lowagie.text.Paragraph;
import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import com.lowagie.text.pdf.PdfWriter;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.Map;

/** OpenPDF, the heir of iText 2, as its examples sign with a container of the user's own. */
final class OpenPdfProgram implements Program {
    private static final int ROOM = 8192; // bytes for the CMS signature

    @Override
    public void create(String kind, Path out) throws Exception {
        try (OutputStream written = Files.newOutputStream(out)) {
            Document document = new Document(PageSize.A4);
            PdfWriter writer = PdfWriter.getInstance(document, written);
            if (kind.equals("packed")) {
                writer.setFullCompression();
            }
            document.open();
            document.add(new Paragraph(TEXT));
            document.close();
        }
    }

    @Override
    public void sign(Order order, Path out) throws Exception {
        try (OutputStream written = Files.newOutputStream(out)) {
            PdfReader reader = new PdfReader(order.in().toString());
            PdfStamper stamper = PdfStamper.createSignature(reader, written, '\0', null, true);
            PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
            appearance.setSignDate(Calendar.getInstance());
            appearance.setCrypto(order.key(), order.chain(), null, PdfSignatureAppearance.SELF_SIGNED);
            if (order.prepared()) {
                appearance.setLayer2Text("Signed in " + order.field());
                appearance.setVisibleSignature(order.field());
            } else if (order.visible()) {
                float[] r = order.rectangle();
                appearance.setLayer2Text("Signed in " + order.field());
                appearance.setVisibleSignature(new Rectangle(r[0], r[1], r[2], r[3]), 1, order.field());
            } else {
                appearance.setFieldNameForInvisibleSignatures(order.field());
            }
            if (order.permission() != 0) {
                appearance.setCertificationLevel(order.permission());
            }
            PdfSignature dictionary =
                    new PdfSignature(PdfName.ADOBE_PPKLITE, new PdfName("adbe.pkcs7.detached"));
            dictionary.setDate(new PdfDate(appearance.getSignDate()));
            appearance.setCryptoDictionary(dictionary);
            Map<PdfName, Integer> left = new HashMap<>();
            left.put(PdfName.CONTENTS, ROOM * 2 + 2);
            appearance.preClose(left);
            byte[] cms = order.cms(appearance.getRangeStream().readAllBytes());
            PdfDictionary update = new PdfDictionary();
            update.put(PdfName.CONTENTS, new PdfString(Arrays.copyOf(cms, ROOM)).setHexWriting(true));
            appearance.close(update);
        }
    }
}
