import com.itextpdf.text.Document;
import com.itextpdf.text.PageSize;
import com.itextpdf.text.Paragraph;
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.PdfDictionary;
import com.itextpdf.text.pdf.PdfName;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.PdfWriter;
import com.itextpdf.text.pdf.security.ExternalSignatureContainer;
import com.itextpdf.text.pdf.security.MakeSignature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.operator.OperatorCreationException;

/** iText 5, on which many services still stand. A program of these tests alone: its licence is the AGPL. */
final class IText5Program implements Program {
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
            if (order.prepared()) {
                appearance.setLayer2Text("Signed in " + order.field());
                appearance.setVisibleSignature(order.field());
            } else if (order.visible()) {
                float[] r = order.rectangle();
                appearance.setLayer2Text("Signed in " + order.field());
                appearance.setVisibleSignature(new Rectangle(r[0], r[1], r[2], r[3]), 1, order.field());
            } else {
                appearance.setVisibleSignature(new Rectangle(0, 0), 1, order.field());
            }
            if (order.permission() != 0) {
                appearance.setCertificationLevel(order.permission());
            }
            MakeSignature.signExternalContainer(appearance, new Container(order), ROOM);
        }
    }

    private record Container(Order order) implements ExternalSignatureContainer {
        @Override
        public byte[] sign(InputStream content) throws GeneralSecurityException {
            try {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                byte[] buffer = new byte[8192];
                for (int n = content.read(buffer); n > 0; n = content.read(buffer)) {
                    all.write(buffer, 0, n); // readAllBytes() gives other bytes here
                }
                return order.cms(all.toByteArray());
            } catch (IOException | CMSException | OperatorCreationException failed) {
                throw new GeneralSecurityException(failed);
            }
        }

        @Override
        public void modifySigningDictionary(PdfDictionary dictionary) {
            dictionary.put(PdfName.FILTER, PdfName.ADOBE_PPKLITE);
            dictionary.put(PdfName.SUBFILTER, PdfName.ADBE_PKCS7_DETACHED);
        }
    }
}
